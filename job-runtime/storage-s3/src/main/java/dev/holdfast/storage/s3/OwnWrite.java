package dev.holdfast.storage.s3;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * One write, over all of its tries, and how to know it again. A try whose answer is lost may have been done, and then the next
 * one is refused by our own object. So:
 *
 * <ol>
 *   <li>each write carries a token that no other write has, in the metadata of its object;
 *   <li>a refusal is followed by a look at the object that stands there: with our token, it is ours;
 *   <li>with another token it is somebody else's;
 *   <li>with none (a store that drops metadata) other bytes are somebody else's; the same bytes leave it unknown, if a try of
 *       ours was lost, since others may write the same.
 * </ol>
 *
 * <p>The look comes also after a refusal of the first try: a proxy on the way may have tried twice.
 */
final class OwnWrite {
    private static final String TOKEN = "holdfast-write";

    private final S3Client client;
    private final String bucket;
    private final String objectKey;
    private final Content content;
    private final String token = UUID.randomUUID().toString();

    OwnWrite(S3Client client, String bucket, String objectKey, Content content) {
        this.client = client;
        this.bucket = bucket;
        this.objectKey = objectKey;
        this.content = content;
    }

    /** What the object is to carry. */
    Map<String, String> metadata() {
        return Map.of(TOKEN, token);
    }

    /** Whose object stands at the key. */
    enum Standing {
        OURS,
        OTHERS,
        NONE
    }

    /**
     * Decides after a refusal because an object is there whether it is ours.
     *
     * @param unsure whether a try of ours may have happened
     * @throws StoreException of kind UNKNOWN_OUTCOME if that cannot be told
     */
    boolean wonAfterRefusal(AwsRequestOverrideConfiguration limits, boolean unsure) {
        try {
            return switch (standing(limits, unsure)) {
                case OURS -> true;
                case OTHERS -> false;
                case NONE -> {
                    if (unsure) {
                        throw unknown("there is no such object (any more)");
                    }
                    yield false;
                }
            };
        } catch (AwsServiceException e) {
            if (unsure) {
                throw e;
            }
            return false;
        }
    }

    /**
     * Looks at what stands there.
     *
     * @param unsure whether a try of ours may have happened
     * @throws StoreException of kind UNKNOWN_OUTCOME if it may be ours or another's
     */
    Standing standing(AwsRequestOverrideConfiguration limits, boolean unsure) {
        HeadObjectResponse head;
        try {
            head = client.headObject(
                    request -> request.bucket(bucket).key(objectKey).overrideConfiguration(limits));
        } catch (AwsServiceException e) {
            if (e.statusCode() == 404) {
                return Standing.NONE;
            }
            throw e;
        }
        String found = head.metadata().get(TOKEN);
        if (found != null) {
            return found.equals(token) ? Standing.OURS : Standing.OTHERS;
        }
        if (!unsure || !hasOurBytes(head, limits)) {
            return Standing.OTHERS;
        }
        throw unknown(
                "there is an object with the same bytes, and the store keeps no metadata that would tell whose it is");
    }

    private boolean hasOurBytes(HeadObjectResponse head, AwsRequestOverrideConfiguration limits) {
        if (head.contentLength() != content.sizeBytes()) {
            return false;
        }
        byte[] found = client.getObjectAsBytes(
                        request -> request.bucket(bucket).key(objectKey).overrideConfiguration(limits))
                .asByteArrayUnsafe();
        return Arrays.equals(found, bytes());
    }

    private byte[] bytes() {
        try (InputStream in = content.open()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(UnreadableContent.broken(e));
        }
    }

    private StoreException unknown(String why) {
        return new StoreException(
                StoreException.Kind.UNKNOWN_OUTCOME,
                "create-only write of '" + objectKey + "' in bucket '" + bucket
                        + "': the answer to one try was lost; in the" + " next, " + why);
    }
}
