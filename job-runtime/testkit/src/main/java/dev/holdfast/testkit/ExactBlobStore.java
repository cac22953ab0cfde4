package dev.holdfast.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Makes two things of S3Proxy's file store as they are on S3.
 *
 * <p>Objects are seen whole or not at all: S3Proxy writes an object to a file beside its place, named after it with '-' and a
 * UUID, which its listings show as an object while it grows, and for ever if the process dies. Such names are hidden here,
 * removed at the start, and refused as keys.
 *
 * <p>Writes do not fail because of deletes: S3Proxy removes a directory with its last object, also one that a write has just
 * made for itself. Here each write first puts a file of its own there, with a prefix that S3Proxy hides.
 */
final class ExactBlobStore extends ForwardingBlobStore {
    private static final Pattern NAME_OF_A_GROWING_FILE =
            Pattern.compile(".*-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** S3Proxy hides this prefix of its own from listings. */
    private static final String HIDDEN_PREFIX = ".mpus-";

    private static final String HOLD_PREFIX = HIDDEN_PREFIX + "hold-";

    /** S3Proxy keeps the beginning of an upload under such a key, followed by a UUID. */
    private static final String UPLOAD_PREFIX = ".s3proxy-mpu-stub-";

    private final Path root;

    ExactBlobStore(BlobStore files, Path root) {
        super(files);
        this.root = root;
    }

    /** Removes what writes of a dead process left. Call before the first request. */
    void removeLeftOvers(String bucket) throws IOException {
        Files.walkFileTree(root.resolve(bucket), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String name = file.getFileName().toString();
                if (isGrowing(name) || name.startsWith(HOLD_PREFIX)) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        ListObjectsV2Response response = super.list(request);
        return response.toBuilder()
                .contents(response.contents().stream()
                        .filter(object -> !isGrowing(object.key()))
                        .toList())
                .build();
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream payload) {
        refuseGrowing(request.key());
        return holding(request.bucket(), request.key(), () -> super.putBlob(request, payload));
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        refuseGrowing(request.key());
        return holding(request.bucket(), request.key(), () -> super.completeMultipartUpload(upload, request));
    }

    private <T> T holding(String bucket, String key, Supplier<T> write) {
        Path top = root.resolve(bucket);
        Path directory = top.resolve(key).normalize().getParent();
        boolean isInBucket = directory != null && directory.startsWith(top) && Files.isDirectory(top);
        if (key.endsWith("/") || directory == null || !isInBucket) {
            return write.get();
        }
        try {
            Path hold = hold(directory);
            try {
                return write.get();
            } finally {
                Files.deleteIfExists(hold);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path hold(Path directory) throws IOException {
        while (true) {
            try {
                Files.createDirectories(directory);
                return Files.createFile(directory.resolve(HOLD_PREFIX + UUID.randomUUID()));
            } catch (NoSuchFileException e) {
                // A delete was faster.
            } catch (FileAlreadyExistsException e) {
                // A delete was faster, between the attempt to make a directory and the look at why it failed.
                if (isBelowAnObject(directory)) {
                    throw e;
                }
            }
        }
    }

    private static boolean isBelowAnObject(Path directory) {
        for (Path path = directory; path != null; path = path.getParent()) {
            if (Files.isRegularFile(path)) {
                return true;
            }
        }
        return false;
    }

    private static void refuseGrowing(String key) {
        if (isGrowing(key)) {
            throw S3Exception.builder()
                    .statusCode(400)
                    .message("this test server cannot keep keys that end in '-' and a UUID, such as " + key)
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode("InvalidArgument")
                            .errorMessage(
                                    "this test server cannot keep keys that end in '-' and a UUID, such as " + key)
                            .build())
                    .build();
        }
    }

    private static boolean isGrowing(String key) {
        return NAME_OF_A_GROWING_FILE.matcher(key).matches() && !key.startsWith(UPLOAD_PREFIX);
    }
}
