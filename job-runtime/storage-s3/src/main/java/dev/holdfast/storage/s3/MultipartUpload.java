package dev.holdfast.storage.s3;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;

/**
 * One large object, sent in parts:
 *
 * <ol>
 *   <li>begin an upload; nobody sees it yet;
 *   <li>send the parts, some at a time, each with a budget of its own;
 *   <li>complete it: that one request makes the object, create-only if asked for;
 *   <li>after any failure before that, take the upload back, so that its parts cost nothing. Those of a process that died are
 *       left to a lifecycle rule of the bucket (AbortIncompleteMultipartUpload).
 * </ol>
 */
final class MultipartUpload {
    /** From this size on. Below, one request is faster than three. */
    static final long THRESHOLD_BYTES = 64L << 20;

    /** At least 5 MB by S3's rule; at 10,000 parts, its most, this gives 160 GB. */
    static final long PART_BYTES = 16L << 20;

    /** Enough to fill a line of 10 Gbit/s from one object, few enough to leave connections to others. */
    private static final int PARTS_AT_ONCE = 4;

    private final S3Client client;
    private final Calls calls;
    private final String bucket;
    private final String key;
    private final String objectKey;
    private final Content content;
    private final boolean createOnly;
    private final OwnWrite own;

    MultipartUpload(
            S3Client client,
            Calls calls,
            String bucket,
            String key,
            String objectKey,
            Content content,
            boolean createOnly) {
        this.client = client;
        this.calls = calls;
        this.bucket = bucket;
        this.key = key;
        this.objectKey = objectKey;
        this.content = content;
        this.createOnly = createOnly;
        this.own = new OwnWrite(client, bucket, objectKey, content);
    }

    /** Returns false if it is create-only and somebody else's object was there first. */
    boolean run() {
        String uploadId = begin();
        boolean made = false;
        try {
            made = complete(uploadId, sendParts(uploadId));
            return made;
        } catch (StoreException e) {
            // An upload that may have been completed must not be taken back: the server may be at it.
            made = e.kind() == StoreException.Kind.UNKNOWN_OUTCOME;
            throw e;
        } finally {
            if (!made) {
                takeBack(uploadId);
            }
        }
    }

    private String begin() {
        CreateMultipartUploadRequest.Builder request = CreateMultipartUploadRequest.builder()
                .bucket(bucket)
                .key(objectKey)
                .metadata(own.metadata());
        // Not a write in the sense of a call: what is lost here is an upload that nobody completes.
        return calls.run(
                Call.read("begin the upload of", key, 0),
                (limits, unsure) -> client.createMultipartUpload(
                                request.overrideConfiguration(limits).build())
                        .uploadId());
    }

    private List<CompletedPart> sendParts(String uploadId) {
        int parts = Math.toIntExact((content.sizeBytes() + PART_BYTES - 1) / PART_BYTES);
        // Threads of its own: parts block, and the caller's thread waits for all of them.
        ExecutorService threads = Executors.newFixedThreadPool(
                Math.min(parts, PARTS_AT_ONCE),
                Thread.ofVirtual().name("part-of-" + key + "-", 1).factory());
        try {
            ExecutorCompletionService<CompletedPart> sends = new ExecutorCompletionService<>(threads);
            List<Future<CompletedPart>> sent = new ArrayList<>();
            for (int number = 1; number <= parts; number++) {
                sent.add(sends.submit(part(uploadId, number, number == parts)));
            }
            for (int i = 0; i < parts; i++) {
                // In the order of completion, so that the first failure is seen at once.
                sends.take().get();
            }
            List<CompletedPart> completed = new ArrayList<>();
            for (Future<CompletedPart> part : sent) {
                completed.add(part.resultNow());
            }
            return completed;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(
                    StoreException.Kind.UNREACHABLE,
                    "upload of '" + key + "' to bucket '" + bucket + "' interrupted",
                    e);
        } finally {
            threads.shutdownNow();
        }
    }

    private Callable<CompletedPart> part(String uploadId, int number, boolean isLast) {
        long offset = (number - 1) * PART_BYTES;
        long sizeBytes = Math.min(PART_BYTES, content.sizeBytes() - offset);
        return () -> calls.run(
                Call.read("send part " + number + " of", key, sizeBytes),
                (limits, unsure) -> CompletedPart.builder()
                        .partNumber(number)
                        .eTag(client.uploadPart(
                                        request -> request.bucket(bucket)
                                                .key(objectKey)
                                                .uploadId(uploadId)
                                                .partNumber(number)
                                                .overrideConfiguration(limits),
                                        Bodies.part(content, offset, sizeBytes, isLast))
                                .eTag())
                        .build());
    }

    private boolean complete(String uploadId, List<CompletedPart> parts) {
        CompleteMultipartUploadRequest.Builder request = CompleteMultipartUploadRequest.builder()
                .bucket(bucket)
                .key(objectKey)
                .uploadId(uploadId)
                .multipartUpload(upload -> upload.parts(parts));
        if (createOnly) {
            request.ifNoneMatch("*");
        }
        // The server puts the parts together, which takes it a while.
        return calls.run(Call.write("complete the upload of", key, content.sizeBytes()), (limits, unsure) -> {
            try {
                client.completeMultipartUpload(
                        request.overrideConfiguration(limits).build());
                return true;
            } catch (AwsServiceException e) {
                if (createOnly && Failures.isPreconditionFailed(e)) {
                    return own.wonAfterRefusal(limits, unsure);
                }
                if (unsure && isUploadGone(e)) {
                    return doneByLostTry(limits);
                }
                throw e;
            }
        });
    }

    /** What a server says about an upload that it has completed, or is at it. */
    private static boolean isUploadGone(AwsServiceException e) {
        String code = Failures.code(e);
        return "NoSuchUpload".equals(code) || "InvalidPart".equals(code);
    }

    /** Whether the lost try made the object; while it is not there, the server may still be at it. */
    private boolean doneByLostTry(AwsRequestOverrideConfiguration limits) {
        return switch (own.standing(limits, true)) {
            case OURS -> true;
            case OTHERS -> {
                if (createOnly) {
                    yield false;
                }
                // It may be the one that is being replaced.
                throw new UnsettledException("the server no longer knows the upload, and the object there is not ours");
            }
            case NONE -> throw new UnsettledException("the server no longer knows the upload, and there is no object");
        };
    }

    private void takeBack(String uploadId) {
        try {
            calls.run(
                    Call.read("take back the upload of", key, 0),
                    (limits, unsure) -> client.abortMultipartUpload(request -> request.bucket(bucket)
                            .key(objectKey)
                            .uploadId(uploadId)
                            .overrideConfiguration(limits)));
        } catch (StoreException e) {
            // Parts without an object are only a cost, and the failure that led here is the one to report.
            System.getLogger(MultipartUpload.class.getName())
                    .log(System.Logger.Level.DEBUG, "parts of an upload stay in bucket " + bucket, e);
        }
    }
}
