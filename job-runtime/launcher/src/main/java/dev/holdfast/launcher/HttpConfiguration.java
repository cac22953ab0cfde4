package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.launcher.http.HttpSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Reads how a process is reached by HTTP. */
final class HttpConfiguration {
    private static final int COORDINATOR_PORT = 8081;
    private static final int WORKER_PORT = 8082;
    private static final int MOST_PORT = 65_535;
    private static final String OFF = "off";

    /** Below this a long pause of the garbage collector is taken for a dead process. */
    private static final Duration LEAST_LIVENESS = Duration.ofSeconds(1);

    private HttpConfiguration() {}

    /**
     * Reads settings.
     *
     * @return empty if the process is to answer no HTTP
     * @throws HoldfastException that names the setting
     */
    static Optional<HttpSettings> of(Typed typed, Role role) {
        Optional<String> port = typed.text(ProcessSettings.HTTP_PORT);
        Duration liveness = typed.duration(ProcessSettings.HTTP_LIVENESS, LEAST_LIVENESS);
        if (port.equals(Optional.of(OFF))) {
            return Optional.empty();
        }
        int usual = role == Role.WORKER ? WORKER_PORT : COORDINATOR_PORT;
        return Optional.of(new HttpSettings(
                typed.text(ProcessSettings.HTTP_ADDRESS).orElse(role == Role.LOCAL ? "127.0.0.1" : "0.0.0.0"),
                port.isEmpty() ? usual : typed.integer(ProcessSettings.HTTP_PORT, 0, MOST_PORT),
                port.isEmpty(),
                token(typed, ProcessSettings.HTTP_TOKEN_FILE)
                        .or(() -> role == Role.LOCAL ? Optional.empty() : token(typed, ProcessSettings.TOKEN_FILE)),
                liveness));
    }

    private static Optional<Path> token(Typed typed, String name) {
        return typed.text(name).map(text -> {
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw ConfigurationErrors.malformed(name, text, "the path of a file", e);
            }
        });
    }
}
