package dev.holdfast.storage.s3;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.storage.s3.StoreSettings.Credentials;
import dev.holdfast.storage.s3.StoreSettings.Limits;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads {@link StoreSettings} from names and texts. */
final class StoreSettingsParser {
    private static final String STORAGE = "storage";
    private static final Set<String> NAMES = Set.of(
            STORAGE,
            "storage.endpoint",
            "storage.region",
            "storage.path-style",
            "storage.access-key",
            "storage.secret-key",
            "storage.session-token",
            "storage.ca-file",
            "storage.connect-timeout-ms",
            "storage.attempt-timeout-ms",
            "storage.call-timeout-ms",
            "storage.max-attempts");

    private final Map<String, String> settings;

    private StoreSettingsParser(Map<String, String> settings) {
        this.settings = settings;
    }

    static StoreSettings parse(Map<String, String> settings) {
        for (String name : new TreeSet<>(settings.keySet())) {
            if (name.startsWith("storage.") && !NAMES.contains(name)) {
                throw new HoldfastException(
                        "HF-STO-026",
                        "there is no setting " + name + ". Those of the store are " + new TreeSet<>(NAMES));
            }
        }
        return new StoreSettingsParser(settings).parse();
    }

    private StoreSettings parse() {
        URI storage = uri(STORAGE, "HF-STO-020");
        if (storage == null) {
            throw new HoldfastException(
                    "HF-STO-020", "storage is not set. Set it to s3://bucket/prefix or file:///directory");
        }
        URI endpoint = uri("storage.endpoint", "HF-STO-023");
        return new StoreSettings(
                storage, endpoint, text("storage.region"), pathStyle(endpoint), credentials(), caFile(), limits());
    }

    private boolean pathStyle(@Nullable URI endpoint) {
        String text = text("storage.path-style");
        if (text == null) {
            return endpoint != null;
        }
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new HoldfastException(
                        "HF-STO-026", "storage.path-style is '" + text + "'. Expected true or false");
        };
    }

    private Credentials credentials() {
        String accessKey = text("storage.access-key");
        String secretKey = text("storage.secret-key");
        String sessionToken = text("storage.session-token");
        if (accessKey == null && secretKey == null && sessionToken == null) {
            return new Credentials.Chain();
        }
        if (accessKey == null || secretKey == null) {
            throw new HoldfastException(
                    "HF-STO-024",
                    (accessKey == null ? "storage.access-key" : "storage.secret-key") + " is not set, but "
                            + (accessKey == null && secretKey == null
                                    ? "storage.session-token"
                                    : accessKey == null ? "storage.secret-key" : "storage.access-key")
                            + " is. Set both keys, or none to use the credentials of the environment");
        }
        return new Credentials.KeyPair(accessKey, secretKey, sessionToken);
    }

    private @Nullable Path caFile() {
        String text = text("storage.ca-file");
        try {
            return text == null ? null : Path.of(text);
        } catch (InvalidPathException e) {
            throw new HoldfastException(
                    "HF-STO-025", "storage.ca-file is '" + text + "'. Expected the path of a file", e);
        }
    }

    private Limits limits() {
        return new Limits(
                number("storage.connect-timeout-ms", Limits.DEFAULT.connectTimeoutMs()),
                number("storage.attempt-timeout-ms", Limits.DEFAULT.attemptTimeoutMs()),
                number("storage.call-timeout-ms", Limits.DEFAULT.callTimeoutMs()),
                number("storage.max-attempts", Limits.DEFAULT.maxAttempts()));
    }

    private int number(String name, int unset) {
        String text = text(name);
        try {
            return text == null ? unset : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new HoldfastException("HF-STO-026", name + " is '" + text + "'. Expected a whole number", e);
        }
    }

    private @Nullable URI uri(String name, String code) {
        String text = text(name);
        try {
            return text == null ? null : new URI(text);
        } catch (URISyntaxException e) {
            throw new HoldfastException(code, name + " is '" + text + "', which is no address: " + e.getReason(), e);
        }
    }

    /** Null where it is not set; an empty text counts as not set, since that is what templates leave. */
    private @Nullable String text(String name) {
        String text = settings.get(name);
        return text == null || text.isBlank() ? null : text.strip();
    }
}
