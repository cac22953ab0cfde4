package dev.holdfast.storage.s3;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.ObjectKeys;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the store is and how to reach it.
 *
 * @param storage {@code s3://bucket} or {@code s3://bucket/prefix}, or {@code file:///directory}
 * @param endpoint the S3 server, {@code http://} or {@code https://}; null for AWS
 * @param region null: {@code us-east-1} with an endpoint, otherwise what the AWS SDK finds in the environment
 * @param pathStyle whether the bucket goes into the path of a request rather than into the host name
 * @param credentials who asks
 * @param caFile certificates in PEM of the authorities to trust beside those that Java trusts
 * @param limits how long it may take
 */
public record StoreSettings(
        URI storage,
        @Nullable URI endpoint,
        @Nullable String region,
        boolean pathStyle,
        Credentials credentials,
        @Nullable Path caFile,
        Limits limits) {

    /** S3 takes keys of 1024 bytes; the engine's own have up to 900, and a slash stands between. */
    private static final int MAX_PREFIX_CHARS = 1024 - ObjectKeys.MAX_KEY_CHARS - 1;

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    /** Who asks the server. */
    public sealed interface Credentials {

        /** What the AWS SDK finds: environment, profile, web identity, container or instance. */
        record Chain() implements Credentials {}

        /** A key pair, with a session token if it is a temporary one. */
        record KeyPair(
                String accessKey,
                String secretKey,
                @Nullable String sessionToken) implements Credentials {
            /** Without the secrets, since settings are logged. */
            @Override
            public String toString() {
                return "KeyPair[" + accessKey + "]";
            }
        }
    }

    /**
     * How long and how often. Tries of one call share its time. Where content is transferred, each megabyte adds a second
     * to both times, so that a slow line is not taken for a dead one.
     *
     * @param connectTimeoutMs for finding the server's address, and again for connecting
     * @param attemptTimeoutMs for one try
     * @param callTimeoutMs for all tries of one call with the pauses between them
     * @param maxAttempts the most tries of one call
     */
    public record Limits(int connectTimeoutMs, int attemptTimeoutMs, int callTimeoutMs, int maxAttempts) {
        /**
         * A dead server is known as dead after 8 s, within the 10 s that a person should wait at most; a lost answer costs
         * 3 s, several times what S3 takes for a small object when it is slow.
         */
        public static final Limits DEFAULT = new Limits(2_000, 3_000, 8_000, 10);

        public Limits {
            if (connectTimeoutMs < 1
                    || attemptTimeoutMs < connectTimeoutMs
                    || callTimeoutMs < attemptTimeoutMs
                    || maxAttempts < 1) {
                throw new HoldfastException(
                        "HF-STO-026",
                        "storage.connect-timeout-ms is " + connectTimeoutMs + ", storage.attempt-timeout-ms "
                                + attemptTimeoutMs + ", storage.call-timeout-ms " + callTimeoutMs
                                + ", storage.max-attempts " + maxAttempts
                                + ". All must be at least 1, and each time at least as long as the one before");
            }
        }
    }

    public StoreSettings {
        if (isFile(storage)) {
            directory(storage);
            if (endpoint != null || region != null || caFile != null || credentials instanceof Credentials.KeyPair) {
                throw new HoldfastException(
                        "HF-STO-028",
                        "storage is " + storage
                                + ", a directory, but an endpoint, region, key pair or CA file is set too."
                                + " Set storage to s3://bucket/prefix, or leave those out");
            }
        } else if ("s3".equals(storage.getScheme())) {
            checkBucketAndPrefix(storage);
        } else {
            throw new HoldfastException(
                    "HF-STO-020", "storage is '" + storage + "'. Expected s3://bucket/prefix or file:///directory");
        }
        if (endpoint != null) {
            checkEndpoint(endpoint);
        }
        if (credentials instanceof Credentials.KeyPair pair
                && (pair.accessKey().isBlank() || pair.secretKey().isBlank())) {
            throw new HoldfastException(
                    "HF-STO-024", "storage.access-key or storage.secret-key is empty. Set both, or none of them");
        }
    }

    /** Settings with only a place: AWS with the chain of credentials, or a directory. */
    public static StoreSettings of(URI storage) {
        return new StoreSettings(storage, null, null, false, new Credentials.Chain(), null, Limits.DEFAULT);
    }

    /**
     * Reads the settings {@code storage}, {@code storage.endpoint}, {@code .region}, {@code .path-style}, {@code
     * .access-key}, {@code .secret-key}, {@code .session-token}, {@code .ca-file}, {@code .connect-timeout-ms}, {@code
     * .attempt-timeout-ms}, {@code .call-timeout-ms} and {@code .max-attempts}; others are passed over if they do not begin
     * with {@code storage}. Path style is on by default where an endpoint is set.
     *
     * @throws HoldfastException HF-STO-020 to HF-STO-028, with the name of the setting
     */
    public static StoreSettings parse(Map<String, String> settings) {
        return StoreSettingsParser.parse(settings);
    }

    public StoreSettings withEndpoint(URI newEndpoint) {
        return new StoreSettings(storage, newEndpoint, region, true, credentials, caFile, limits);
    }

    public StoreSettings withRegion(String newRegion) {
        return new StoreSettings(storage, endpoint, newRegion, pathStyle, credentials, caFile, limits);
    }

    public StoreSettings withPathStyle(boolean newPathStyle) {
        return new StoreSettings(storage, endpoint, region, newPathStyle, credentials, caFile, limits);
    }

    public StoreSettings withKeyPair(String accessKey, String secretKey) {
        return new StoreSettings(
                storage,
                endpoint,
                region,
                pathStyle,
                new Credentials.KeyPair(accessKey, secretKey, null),
                caFile,
                limits);
    }

    public StoreSettings withCaFile(Path newCaFile) {
        return new StoreSettings(storage, endpoint, region, pathStyle, credentials, newCaFile, limits);
    }

    public StoreSettings withLimits(Limits newLimits) {
        return new StoreSettings(storage, endpoint, region, pathStyle, credentials, caFile, newLimits);
    }

    boolean isDirectory() {
        return isFile(storage);
    }

    Path directory() {
        return directory(storage);
    }

    String bucket() {
        return Objects.requireNonNull(storage.getAuthority());
    }

    /** What stands before each key: nothing, or a prefix with a slash at its end. */
    String keyPrefix() {
        String prefix = prefix(storage);
        return prefix.isEmpty() ? "" : prefix + "/";
    }

    /** The store as a person would name it. */
    String describe() {
        return storage + (endpoint == null ? "" : " at " + endpoint);
    }

    private static boolean isFile(URI storage) {
        return "file".equals(storage.getScheme());
    }

    private static Path directory(URI storage) {
        String path = storage.getPath();
        boolean hasHost =
                storage.getAuthority() != null && !storage.getAuthority().isEmpty();
        if (hasHost
                || path == null
                || !path.startsWith("/")
                || storage.getQuery() != null
                || storage.getFragment() != null) {
            throw new HoldfastException(
                    "HF-STO-020",
                    "storage is '" + storage + "'. Expected an absolute directory after three slashes, as in"
                            + " file:///var/lib/holdfast");
        }
        return Path.of(path);
    }

    private static String prefix(URI storage) {
        String path = storage.getPath() == null ? "" : storage.getPath();
        int begin = path.startsWith("/") ? 1 : 0;
        int end = path.endsWith("/") ? path.length() - 1 : path.length();
        return begin >= end ? "" : path.substring(begin, end);
    }

    private static void checkBucketAndPrefix(URI storage) {
        if (storage.getQuery() != null || storage.getFragment() != null || storage.isOpaque()) {
            throw new HoldfastException(
                    "HF-STO-020", "storage is '" + storage + "'. Expected s3://bucket/prefix and nothing after it");
        }
        String bucket = storage.getAuthority();
        if (bucket == null || !BUCKET.matcher(bucket).matches() || bucket.contains("..")) {
            throw new HoldfastException(
                    "HF-STO-021",
                    "storage is '" + storage + "', its bucket '" + (bucket == null ? "" : bucket)
                            + "'. Expected a bucket of 3 to 63 lower-case letters, digits, '.' and '-', with a letter or digit"
                            + " at both ends");
        }
        String prefix = prefix(storage);
        if (!prefix.isEmpty() && !ObjectKeys.isKey(prefix)) {
            throw new HoldfastException(
                    "HF-STO-022",
                    "storage is '" + storage + "', its prefix '" + prefix
                            + "'. Expected parts of letters, digits, '.', '_' or '-', with '/' between them");
        }
        if (prefix.length() > MAX_PREFIX_CHARS) {
            throw new HoldfastException(
                    "HF-STO-022",
                    "storage is '" + storage + "', its prefix has " + prefix.length() + " characters. The most is "
                            + MAX_PREFIX_CHARS);
        }
    }

    private static void checkEndpoint(URI endpoint) {
        boolean http = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
        boolean hasPath = endpoint.getPath() != null
                && !endpoint.getPath().isEmpty()
                && !endpoint.getPath().equals("/");
        if (!http
                || endpoint.getHost() == null
                || hasPath
                || endpoint.getQuery() != null
                || endpoint.getUserInfo() != null) {
            throw new HoldfastException(
                    "HF-STO-023",
                    "storage.endpoint is '" + endpoint
                            + "'. Expected http://host:port or https://host:port, without a path;"
                            + " the bucket belongs into storage");
        }
    }
}
