package dev.holdfast.examples.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * An S3 server with a directory behind it. It ends with its standard input, so it goes even if the demo itself is killed.
 *
 * @param endpoint its address
 */
record ServerProcess(String endpoint) {
    static final String BUCKET = "demo";
    static final String ACCESS_KEY = "demo-access-key";
    static final String SECRET_KEY = "demo-secret-key";

    static ServerProcess start(Children children, Path libraries, Path directory, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                JavaHome.java(),
                "-Xmx256m",
                "-cp",
                libraries.resolve("*").toString(),
                "dev.holdfast.testkit.S3Server",
                "--directory",
                directory.toString(),
                "--bucket",
                BUCKET,
                "--access-key",
                ACCESS_KEY,
                "--secret-key",
                SECRET_KEY,
                "--until-stdin-closes"));
        builder.redirectError(log.toFile());
        Process process = children.start(builder);
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String endpoint = out.readLine();
        if (endpoint == null) {
            throw new IOException("the S3 server did not start; its log is " + log);
        }
        return new ServerProcess(endpoint);
    }
}
