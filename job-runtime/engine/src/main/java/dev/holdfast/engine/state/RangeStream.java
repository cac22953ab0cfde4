package dev.holdfast.engine.state;

import dev.holdfast.engine.env.ObjectStore;
import java.io.InputStream;
import java.util.Objects;

/** A range of an object as a stream, fetched in pieces. */
final class RangeStream extends InputStream {
    /** One request's size: large enough that its latency does not count, small enough to hold in memory for each read under way. */
    private static final int PIECE_BYTES = 4 * 1024 * 1024;

    private final ObjectStore store;
    private final String key;
    private final long end;
    private long fetched;
    private byte[] piece = new byte[0];
    private int position;

    RangeStream(ObjectStore store, String key, long offset, long length) {
        this.store = store;
        this.key = key;
        this.fetched = offset;
        this.end = offset + length;
    }

    @Override
    public int read() {
        return fill() ? piece[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, piece.length - position);
        System.arraycopy(piece, position, target, offset, count);
        position += count;
        return count;
    }

    private boolean fill() {
        if (position < piece.length) {
            return true;
        }
        if (fetched == end) {
            return false;
        }
        piece = store.getRange(key, fetched, (int) Math.min(PIECE_BYTES, end - fetched));
        fetched += piece.length;
        position = 0;
        return true;
    }
}
