package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.ObjectStore;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.CRC32C;

/** A slice of an object as content to be written elsewhere: read by ranges, one in memory, verified at its end. */
record SliceContent(ObjectStore store, String key, Slice slice, String what) implements Content {

    @Override
    public long sizeBytes() {
        return slice.length();
    }

    /** The stream throws {@link SnapshotException} instead of giving the last range of a damaged slice. */
    @Override
    public InputStream open() {
        return new Ranges();
    }

    private final class Ranges extends InputStream {
        private final CRC32C crc = new CRC32C();
        private byte[] range = new byte[0];
        private int position;
        private long done;

        @Override
        public int read() {
            return fill() ? range[position++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, into.length);
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int n = Math.min(length, range.length - position);
            System.arraycopy(range, position, into, offset, n);
            position += n;
            return n;
        }

        private boolean fill() {
            if (position < range.length) {
                return true;
            }
            if (done == slice.length()) {
                return false;
            }
            int length = (int) Math.min(ObjectReads.RANGE_BYTES, slice.length() - done);
            range = ObjectReads.range(store, key, slice.offset() + done, length, what);
            position = 0;
            done += length;
            crc.update(range);
            if (done == slice.length() && (int) crc.getValue() != slice.crc32c()) {
                throw SnapshotException.damaged(
                        key, what + ": " + Checksums.differ(slice.crc32c(), (int) crc.getValue()), null);
            }
            return true;
        }
    }
}
