package dev.holdfast.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * An S3 server on the loopback interface, for tests and demonstrations: S3Proxy in this process, with one bucket in a
 * directory, which keeps its objects over restarts. Create-only writes are decided by hard links of the file system.
 *
 * <p>Unlike S3, it refuses keys that end in '-' and a UUID (see {@link ExactBlobStore}), and an object whose key is a
 * directory of another's. It does not force files to the disk.
 */
public final class S3Server implements AutoCloseable {
    /** Long enough to finish the requests of a test, short enough not to be noticed. */
    private static final long STOP_TIMEOUT_MS = 1_000;

    private final Options options;
    private final S3Proxy proxy;

    private S3Server(Options options, S3Proxy proxy) {
        this.options = options;
        this.proxy = proxy;
    }

    /**
     * What to serve.
     *
     * @param directory where the objects are; made if there is none
     * @param port 0 for a free one
     * @param bucket made if there is none
     */
    public record Options(Path directory, int port, String bucket, String accessKey, String secretKey) {
        public Options {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port is " + port + ". Expected 0 (for a free one) to 65535");
            }
            if (bucket.isBlank() || accessKey.isBlank() || secretKey.isBlank()) {
                throw new IllegalArgumentException("bucket, access key or secret key is empty");
            }
        }
    }

    /** Starts a server with the bucket {@code holdfast}, a key pair of its own, on a free port. */
    public static S3Server start(Path directory) {
        return start(new Options(directory, 0, "holdfast", "test-access-key", "test-secret-key"));
    }

    /**
     * Starts a server; it answers when this returns. One at a time: the XML library of S3Proxy has classes whose initialisers wait for
     * each other where two threads load them at once.
     *
     * @throws UncheckedIOException if the directory cannot be used or the port is taken
     */
    public static synchronized S3Server start(Options options) {
        try {
            Path root = Files.createDirectories(options.directory()).toRealPath();
            BlobStore files = new FilesystemNio2BlobStore(root.toString());
            if (!files.containerExists(options.bucket())) {
                files.createContainer(options.bucket());
            }
            ExactBlobStore exact = new ExactBlobStore(files, root);
            exact.removeLeftOvers(options.bucket());
            S3Proxy proxy = S3Proxy.builder()
                    .blobStore(exact)
                    .endpoint(URI.create("http://127.0.0.1:" + options.port()))
                    .awsAuthentication(AuthenticationType.AWS_V4, options.accessKey(), options.secretKey())
                    .ignoreUnknownHeaders(true)
                    .stopTimeout(STOP_TIMEOUT_MS)
                    .build();
            proxy.start();
            return new S3Server(options, proxy);
        } catch (IOException e) {
            throw new UncheckedIOException(cannotStart(options, e), e);
        } catch (Exception e) {
            throw new UncheckedIOException(cannotStart(options, e), new IOException(e));
        }
    }

    /** Runs a server as a process of its own; see {@link S3ServerProcess}. */
    public static void main(String[] args) throws Exception {
        S3ServerProcess.run(args, System.in, System.out, System.err);
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port());
    }

    public int port() {
        return proxy.getPort();
    }

    public String bucket() {
        return options.bucket();
    }

    public String accessKey() {
        return options.accessKey();
    }

    public String secretKey() {
        return options.secretKey();
    }

    private static String cannotStart(Options options, Exception e) {
        return "cannot serve S3 from " + options.directory() + " on port " + options.port() + ": " + e;
    }

    /** Stops. The objects stay in the directory. */
    @Override
    public void close() {
        try {
            proxy.stop();
        } catch (Exception e) {
            throw new UncheckedIOException(new IOException("cannot stop the S3 server at " + endpoint(), e));
        }
    }
}
