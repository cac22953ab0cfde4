package dev.holdfast.storage.s3;

import dev.holdfast.engine.env.ObjectStore.Listed;
import dev.holdfast.testkit.S3Server;
import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.ListObjectsArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import io.minio.messages.Item;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A bucket as another client sees it: the MinIO client signs, parses and pages with code of its own. Keys are those of the
 * store, below its prefix.
 */
final class SecondClient implements AutoCloseable {
    private static final int PRECONDITION_FAILED = 412;

    private final MinioClient client;
    private final String bucket;
    private final String prefix;

    SecondClient(S3Server server, String prefix) {
        this(
                MinioClient.builder()
                        .endpoint(server.endpoint().toString())
                        .region("us-east-1")
                        .credentials(server.accessKey(), server.secretKey())
                        .build(),
                server.bucket(),
                prefix);
    }

    private SecondClient(MinioClient client, String bucket, String prefix) {
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix;
    }

    /** The same client below another prefix: to make one costs far more than a request. */
    SecondClient below(String otherPrefix) {
        return new SecondClient(client, bucket, otherPrefix);
    }

    byte[] get(String key) throws MinioException, IOException {
        try (GetObjectResponse object = client.getObject(
                GetObjectArgs.builder().bucket(bucket).object(prefix + key).build())) {
            return object.readAllBytes();
        }
    }

    byte[] getRange(String key, long offset, long length) throws MinioException, IOException {
        try (GetObjectResponse object = client.getObject(GetObjectArgs.builder()
                .bucket(bucket)
                .object(prefix + key)
                .offset(offset)
                .length(length)
                .build())) {
            return object.readAllBytes();
        }
    }

    StatObjectResponse stat(String key) throws MinioException {
        return client.statObject(
                StatObjectArgs.builder().bucket(bucket).object(prefix + key).build());
    }

    void put(String key, byte[] bytes) throws MinioException {
        put(key, bytes, Map.of());
    }

    /** False if the server says that the object is there. */
    boolean putIfAbsent(String key, byte[] bytes) throws MinioException {
        try {
            put(key, bytes, Map.of("If-None-Match", "*"));
            return true;
        } catch (ErrorResponseException e) {
            if (e.response().code() == PRECONDITION_FAILED) {
                return false;
            }
            throw e;
        }
    }

    private void put(String key, byte[] bytes, Map<String, String> headers) throws MinioException {
        client.putObject(PutObjectArgs.builder()
                .bucket(bucket)
                .object(prefix + key)
                .extraHeaders(headers)
                .data(bytes, bytes.length)
                .build());
    }

    void delete(String key) throws MinioException {
        client.removeObject(
                RemoveObjectArgs.builder().bucket(bucket).object(prefix + key).build());
    }

    /** All objects whose keys begin so, behind {@code after}, in the order of the server; in pages of a few. */
    List<Listed> list(String keyPrefix, @Nullable String after, int page) throws MinioException {
        ListObjectsArgs.Builder args = ListObjectsArgs.builder()
                .bucket(bucket)
                .prefix(prefix + keyPrefix)
                .recursive(true)
                .maxKeys(page);
        if (after != null) {
            args.startAfter(prefix + after);
        }
        List<Listed> found = new ArrayList<>();
        for (Result<Item> each : client.listObjects(args.build())) {
            Item item = each.get();
            found.add(new Listed(item.objectName().substring(prefix.length()), item.size()));
        }
        return found;
    }

    @Override
    public void close() throws Exception {
        client.close();
    }
}
