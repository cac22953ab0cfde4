package dev.holdfast.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The command line of {@link S3Server}. The first line that it prints is the endpoint. */
final class S3ServerProcess {
    private static final String UNTIL_STDIN_CLOSES = "--until-stdin-closes";
    private static final List<String> NAMES =
            List.of("--directory", "--port", "--bucket", "--access-key", "--secret-key");
    private static final String USAGE = """
            usage: S3Server --directory <directory> [--port <port>] [--bucket <name>]
                            [--access-key <key>] [--secret-key <key>] [--until-stdin-closes]
              --directory           where the objects are; made if there is none
              --port                0, the default, takes a free one; the first line printed is the endpoint
              --bucket              made if there is none; holdfast by default
              --access-key          test-access-key by default
              --secret-key          test-secret-key by default
              --until-stdin-closes  end when standard input does, so that no server outlives the one who started it
            """;

    private S3ServerProcess() {}

    /** Serves until the process is ended, or its input closes. Exits with 2 after bad arguments, 1 if it cannot start. */
    static void run(String[] args, InputStream in, PrintStream out, PrintStream err) throws Exception {
        // Only errors: neither that there is no logging provider, nor what the plainest of them says by default.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
        boolean untilStdinCloses = List.of(args).contains(UNTIL_STDIN_CLOSES);
        S3Server server;
        try {
            server = S3Server.start(parse(args));
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            err.print(USAGE);
            System.exit(2);
            return;
        } catch (UncheckedIOException e) {
            err.println(e.getMessage());
            System.exit(1);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop-s3-server"));
        out.println(server.endpoint());
        out.flush();
        if (untilStdinCloses) {
            drain(in);
            System.exit(0);
        }
        Thread.currentThread().join();
    }

    private static S3Server.Options parse(String[] args) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals(UNTIL_STDIN_CLOSES)) {
                continue;
            }
            if (!NAMES.contains(args[i])) {
                throw new IllegalArgumentException("there is no option '" + args[i] + "'");
            }
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " has no value");
            }
            given.put(args[i], args[++i]);
        }
        String directory = given.get("--directory");
        if (directory == null) {
            throw new IllegalArgumentException("--directory is missing");
        }
        return new S3Server.Options(
                Path.of(directory),
                port(given.getOrDefault("--port", "0")),
                given.getOrDefault("--bucket", "holdfast"),
                given.getOrDefault("--access-key", "test-access-key"),
                given.getOrDefault("--secret-key", "test-secret-key"));
    }

    private static int port(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--port is '" + text + "'. Expected a number", e);
        }
    }

    private static void drain(InputStream in) throws IOException {
        byte[] buffer = new byte[1024];
        while (in.read(buffer) >= 0) {
            // What is written there means nothing; only its end does.
        }
    }
}
