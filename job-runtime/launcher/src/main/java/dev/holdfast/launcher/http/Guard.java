package dev.holdfast.launcher.http;

import com.sun.net.httpserver.Headers;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Decides who may ask, see docs/decisions/0026. Any thread.
 *
 * <p>With a file of tokens: who brings one of them. The file is read for each request, so that a changed one counts at once; one
 * that cannot be read lets nobody in. Without: who is on the same machine. There a page of a browser is kept out too: it can name this
 * machine by a name of its own (which the header Host shows), or send from elsewhere (which the header Origin shows).
 */
final class Guard {
    private static final String BEARER = "bearer ";

    /** As much as the network between processes takes. */
    private static final int MAX_FILE_BYTES = 4_096;

    private static final Pattern LOCAL_HOST = Pattern.compile("(localhost|[0-9.]+|\\[[0-9a-f:.]+])(:\\d+)?");

    private final Optional<Path> tokenFile;

    Guard(Optional<Path> tokenFile) {
        this.tokenFile = tokenFile;
    }

    /** @throws ApiException HF-API-010 or HF-API-011 who may not */
    void check(Headers headers, InetAddress client) {
        if (tokenFile.isPresent()) {
            String given =
                    Optional.ofNullable(headers.getFirst("Authorization")).orElse("");
            if (!given.toLowerCase(Locale.ROOT).startsWith(BEARER)
                    || !isToken(given.substring(BEARER.length()).strip(), tokenFile.get())) {
                throw new ApiException(
                        401,
                        "HF-API-010",
                        (given.isEmpty() ? "the request has no token" : "the token of the request is not accepted")
                                + ". Send a line of the process's token file: Authorization: Bearer <token>",
                        Map.of("WWW-Authenticate", "Bearer"));
            }
            return;
        }
        String host = Optional.ofNullable(headers.getFirst("Host")).orElse("").toLowerCase(Locale.ROOT);
        String origin =
                Optional.ofNullable(headers.getFirst("Origin")).orElse("").toLowerCase(Locale.ROOT);
        boolean own = LOCAL_HOST.matcher(host).matches() && (origin.isEmpty() || origin.equals("http://" + host));
        if (!client.isLoopbackAddress() || !own) {
            throw new ApiException(
                    403,
                    "HF-API-011",
                    "this process has no token, so it answers to its own machine only. Set http.token-file to open it to"
                            + " others");
        }
    }

    private static boolean isToken(String given, Path file) {
        List<String> lines;
        try {
            lines = Files.size(file) > MAX_FILE_BYTES ? List.of() : Files.readAllLines(file);
        } catch (IOException e) {
            System.getLogger(Guard.class.getName())
                    .log(System.Logger.Level.WARNING, "HF-API-012: token file " + file + " cannot be read: " + e);
            throw new ApiException(
                    503,
                    "HF-API-012",
                    "the process cannot read its token file, so nobody is let in. Look into its log");
        }
        boolean found = false;
        for (String line : lines) {
            String token = line.strip();
            // Looks at all of them, and at all of each: time tells nothing.
            boolean same = MessageDigest.isEqual(
                    token.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
            found |= same && !token.isEmpty();
        }
        return found;
    }
}
