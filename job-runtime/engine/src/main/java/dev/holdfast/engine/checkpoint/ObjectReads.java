package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.StoreException;

/** Reads of parts of objects that a checkpoint needs: what is missing or cut short is named, with what it is. */
final class ObjectReads {
    /** Bytes per request: large enough that the latency does not count, small enough to hold a few at once. */
    static final int RANGE_BYTES = 8 << 20;

    private ObjectReads() {}

    /** @param what the part, for errors: {@code index of pack} */
    static byte[] range(ObjectStore store, String key, long offset, int length, String what) {
        try {
            return store.getRange(key, offset, length);
        } catch (StoreException e) {
            throw translate(e, key, offset, length, what);
        }
    }

    private static RuntimeException translate(StoreException e, String key, long offset, long length, String what) {
        return switch (e.kind()) {
            case NOT_FOUND -> SnapshotException.missing(key, "needed for its " + what, e);
            case DAMAGED ->
                SnapshotException.damaged(
                        key, what + ": expected " + length + " bytes from byte " + offset + ", found fewer", e);
            case UNREACHABLE, NO_BUCKET, BAD_CREDENTIALS, DENIED, BUSY, UNKNOWN_OUTCOME, NO_CONDITIONAL_WRITES, DISK ->
                e;
        };
    }
}
