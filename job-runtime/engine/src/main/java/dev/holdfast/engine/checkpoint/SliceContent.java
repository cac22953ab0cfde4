package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.ObjectStore;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A slice of an object as content to be written elsewhere: read by ranges, one in memory, verified at its end. */
final class SliceContent implements Content {
    private final ObjectStore store;
    private final String key;
    private final Slice slice;
    private final String what;
    private volatile @Nullable SnapshotException damage;

    SliceContent(ObjectStore store, String key, Slice slice, String what) {
        this.store = store;
        this.key = key;
        this.slice = slice;
        this.what = what;
    }

    /** What the last reading found; a store may hide it in an error of its own. */
    @Nullable SnapshotException damage() {
        return damage;
    }

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
            try {
                next();
            } catch (SnapshotException e) {
                damage = e;
                throw e;
            }
            return true;
        }

        private void next() {
            int length = (int) Math.min(ObjectReads.RANGE_BYTES, slice.length() - done);
            range = ObjectReads.range(store, key, slice.offset() + done, length, what);
            position = 0;
            done += length;
            crc.update(range);
            if (done == slice.length() && (int) crc.getValue() != slice.crc32c()) {
                throw SnapshotException.damaged(
                        key, what + ": " + Checksums.differ(slice.crc32c(), (int) crc.getValue()), null);
            }
        }
    }
}
