package dev.holdfast.transport.netty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Token files of tests. */
final class Secret {
    static final String TOKEN = "a token of the tests, long enough";

    private Secret() {}

    static NetworkSettings.Security.Token file(Path directory) throws IOException {
        return file(directory, TOKEN);
    }

    static NetworkSettings.Security.Token file(Path directory, String content) throws IOException {
        return new NetworkSettings.Security.Token(Files.writeString(directory.resolve("token"), content));
    }
}
