package dev.holdfast.engine.checkpoint;

/** Bytes of a checkpoint: in an object, or in the manifest itself where they are few. */
public sealed interface Blob {

    long sizeBytes();

    /** Bytes in the manifest: at most {@link #MAX_BYTES}, so that a manifest stays small. */
    record Inline(Opaque content) implements Blob {
        /** A manifest is read whole and kept in the coordinator's memory. */
        public static final int MAX_BYTES = 64 * 1024;

        public Inline {
            if (content.bytes().length > MAX_BYTES) {
                throw new IllegalArgumentException(
                        content.bytes().length + " bytes do not go into a manifest, only up to " + MAX_BYTES);
            }
        }

        @Override
        public long sizeBytes() {
            return content.bytes().length;
        }
    }

    /** Bytes in an object. */
    record Stored(Slice slice) implements Blob {
        @Override
        public long sizeBytes() {
            return slice.length();
        }
    }
}
