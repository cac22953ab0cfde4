package dev.holdfast.storage.s3;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.ObjectKeys;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Error;

/**
 * Objects in a bucket of S3, or of a server that speaks its protocol. Asks of the server: reads and listings that see what was
 * answered before; and {@code If-None-Match: *} on PutObject and CompleteMultipartUpload, decided together with the write.
 *
 * <p>Each method takes at most the time of {@link StoreSettings.Limits}, plus a second for each megabyte to be transferred. A
 * plain put or delete that is tried again after a lost answer may also be done late, after later writes of the same key; the
 * engine writes what matters create-only.
 */
public final class S3ObjectStore implements ObjectStore {
    private final StoreSettings settings;
    private final S3Client client;
    private final Failures failures;
    private final Calls calls;
    private final String bucket;
    private final String prefix;

    private S3ObjectStore(StoreSettings settings, S3Client client) {
        this.settings = settings;
        this.client = client;
        this.failures = new Failures(settings);
        this.calls = new Calls(settings.limits(), failures);
        this.bucket = settings.bucket();
        this.prefix = settings.keyPrefix();
    }

    /** See {@link ObjectStores#open(StoreSettings)}. */
    static S3ObjectStore open(StoreSettings settings) {
        return new S3ObjectStore(settings, S3Clients.open(settings));
    }

    @Override
    public boolean putIfAbsent(String key, Content content) {
        String objectKey = objectKey(key);
        if (content.sizeBytes() >= MultipartUpload.THRESHOLD_BYTES) {
            return new MultipartUpload(client, calls, bucket, key, objectKey, content, true).run();
        }
        OwnWrite own = new OwnWrite(client, bucket, objectKey, content);
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(bucket)
                .key(objectKey)
                .metadata(own.metadata())
                .ifNoneMatch("*");
        return calls.run(Call.write("create", key, content.sizeBytes()), (limits, unsure) -> {
            try {
                client.putObject(request.overrideConfiguration(limits).build(), Bodies.of(content));
                return true;
            } catch (AwsServiceException e) {
                if (Failures.isPreconditionFailed(e)) {
                    return own.wonAfterRefusal(limits, unsure);
                }
                throw e;
            }
        });
    }

    @Override
    public void put(String key, Content content) {
        String objectKey = objectKey(key);
        if (content.sizeBytes() >= MultipartUpload.THRESHOLD_BYTES) {
            new MultipartUpload(client, calls, bucket, key, objectKey, content, false).run();
            return;
        }
        calls.run(
                Call.write("write", key, content.sizeBytes()),
                (limits, unsure) -> client.putObject(
                        request -> request.bucket(bucket).key(objectKey).overrideConfiguration(limits),
                        Bodies.of(content)));
    }

    @Override
    public byte @Nullable [] get(String key) {
        String objectKey = objectKey(key);
        try {
            return calls.run(
                    Call.read("read", key, 0),
                    (limits, unsure) -> client.getObjectAsBytes(request ->
                                    request.bucket(bucket).key(objectKey).overrideConfiguration(limits))
                            .asByteArrayUnsafe());
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    @Override
    public byte[] getRange(String key, long offset, int length) {
        ObjectKeys.checkRange(key, offset, length);
        if (length == 0) {
            // There is no way to ask for no bytes.
            checkSize(key, sizeBytes(key), offset);
            return new byte[0];
        }
        GetObjectRequest.Builder request = GetObjectRequest.builder()
                .bucket(bucket)
                .key(objectKey(key))
                .range("bytes=" + offset + "-" + (offset + length - 1));
        Fetched fetched = calls.run(Call.read("read", key, length), (limits, unsure) -> fetch(request, limits));
        if (fetched.bytes() == null || fetched.bytes().length < length) {
            checkSize(key, sizeBytes(key), offset + length);
            throw new StoreException(
                    StoreException.Kind.DAMAGED,
                    "object '" + key + "' in " + describe() + ": asked for " + length + " bytes at " + offset
                            + ", which it has; the server gave "
                            + (fetched.bytes() == null ? 0 : fetched.bytes().length));
        }
        if (fetched.bytes().length > length || !fetched.isRange()) {
            throw new StoreException(
                    StoreException.Kind.UNREACHABLE,
                    "object '" + key + "' in " + describe() + ": asked for a range of " + length + " bytes, got "
                            + fetched.bytes().length + ". Does a proxy before the server drop the Range header?");
        }
        return fetched.bytes();
    }

    @Override
    public List<Listed> list(String keyPrefix, @Nullable String after, int max) {
        ObjectKeys.checkList(keyPrefix, max);
        List<Listed> listed = new ArrayList<>();
        String from = after == null ? null : prefix + after;
        while (listed.size() < max) {
            ListObjectsV2Response page = page(keyPrefix, from, max - listed.size());
            if (page.name() == null && page.keyCount() == null) {
                // Any XML reads as an empty listing.
                throw new StoreException(
                        StoreException.Kind.UNREACHABLE,
                        "cannot list '" + keyPrefix + "' in " + describe()
                                + ": the answer is no listing. Is storage.endpoint an S3 server?");
            }
            page.contents().forEach(object -> {
                String key = object.key().substring(prefix.length());
                // What others keep in the bucket, such as names that end in '/', is none of ours.
                if (ObjectKeys.isKey(key)) {
                    listed.add(new Listed(key, object.size()));
                }
            });
            if (!Boolean.TRUE.equals(page.isTruncated())) {
                break;
            }
            if (page.contents().isEmpty()) {
                throw new StoreException(
                        StoreException.Kind.UNREACHABLE,
                        "cannot list '" + keyPrefix + "' in " + describe()
                                + ": the server says there is more, but gives nothing. Is it an S3 server?");
            }
            from = page.contents().getLast().key();
        }
        return List.copyOf(listed);
    }

    @Override
    public void delete(Collection<String> keys) {
        ObjectKeys.checkDelete(keys);
        if (keys.isEmpty()) {
            return;
        }
        List<ObjectIdentifier> left = new ArrayList<>();
        keys.forEach(
                key -> left.add(ObjectIdentifier.builder().key(objectKey(key)).build()));
        String first = keys.iterator().next();
        String what = keys.size() == 1 ? first : first + "' and " + (keys.size() - 1) + " more, up to '" + last(keys);
        calls.run(Call.write("delete", what, 0), (limits, unsure) -> {
            DeleteObjectsResponse response = client.deleteObjects(request -> request.bucket(bucket)
                    .delete(Delete.builder().objects(left).quiet(true).build())
                    .overrideConfiguration(limits));
            List<S3Error> errors = response.errors().stream()
                    .filter(error -> !"NoSuchKey".equals(error.code()))
                    .toList();
            if (!errors.isEmpty()) {
                left.clear();
                errors.forEach(error ->
                        left.add(ObjectIdentifier.builder().key(error.key()).build()));
                throw Failures.ofOne(errors.getFirst());
            }
            return true;
        });
    }

    @Override
    public String describe() {
        return settings.describe();
    }

    @Override
    public void close() {
        client.close();
    }

    private ListObjectsV2Response page(String keyPrefix, @Nullable String from, int max) {
        // Each page begins after the last key of the one before: unlike a token, that stays right over a restart of the
        // server.
        return calls.run(
                Call.read("list", keyPrefix, 0),
                (limits, unsure) -> client.listObjectsV2(request -> request.bucket(bucket)
                        .prefix(prefix + keyPrefix)
                        .startAfter(from)
                        .maxKeys(max)
                        .overrideConfiguration(limits)));
    }

    /** A try of a range read; no bytes if the range begins behind the end. */
    private Fetched fetch(GetObjectRequest.Builder request, AwsRequestOverrideConfiguration limits) {
        try {
            ResponseBytes<GetObjectResponse> response =
                    client.getObject(request.overrideConfiguration(limits).build(), ResponseTransformer.toBytes());
            return new Fetched(response.asByteArrayUnsafe(), response.response().contentRange() != null);
        } catch (AwsServiceException e) {
            if (e.statusCode() == 416) {
                return new Fetched(null, true);
            }
            throw e;
        }
    }

    private long sizeBytes(String key) {
        String objectKey = objectKey(key);
        return calls.run(Call.read("read", key, 0), (limits, unsure) -> {
            try {
                return client.headObject(
                                request -> request.bucket(bucket).key(objectKey).overrideConfiguration(limits))
                        .contentLength();
            } catch (AwsServiceException e) {
                if (e.statusCode() == 404) {
                    // The answer to a HEAD has no room for a code.
                    throw new StoreException(
                            StoreException.Kind.NOT_FOUND,
                            "cannot read '" + key + "' in " + describe() + ": there is no such object",
                            e);
                }
                throw e;
            }
        });
    }

    private void checkSize(String key, long sizeBytes, long expectedBytes) {
        if (sizeBytes < expectedBytes) {
            throw new StoreException(
                    StoreException.Kind.DAMAGED,
                    "object '" + key + "' in " + describe() + " has " + sizeBytes + " bytes; expected at least "
                            + expectedBytes);
        }
    }

    private String objectKey(String key) {
        return prefix + ObjectKeys.check(key);
    }

    private static String last(Collection<String> keys) {
        String last = "";
        for (String key : keys) {
            last = key;
        }
        return last;
    }

    private record Fetched(byte @Nullable [] bytes, boolean isRange) {}
}
