package dev.holdfast.engine.task;

import dev.holdfast.engine.checkpoint.Segment;
import dev.holdfast.engine.checkpoint.Slice;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.StoreException;
import java.io.InputStream;
import java.util.zip.CRC32C;

/** Reads parts of a snapshot's objects. Blocks; damaged or missing parts are {@link StoreException}. */
public final class SliceReader {
    private final ObjectStore store;
    private final String base;

    /** @param base the store's key that names are relative to */
    public SliceReader(ObjectStore store, String base) {
        this.store = store;
        this.base = base;
    }

    /** The bytes of a slice, verified. */
    public byte[] read(Slice slice) {
        byte[] bytes = store.getRange(base + slice.object(), slice.offset(), Math.toIntExact(slice.length()));
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        if ((int) crc.getValue() != slice.crc32c()) {
            throw new StoreException(
                    StoreException.Kind.DAMAGED,
                    "object '" + base + slice.object() + "' is damaged: " + slice.length() + " bytes at " + slice.offset()
                            + " have checksum " + Integer.toHexString((int) crc.getValue()) + ", expected "
                            + Integer.toHexString(slice.crc32c()));
        }
        return bytes;
    }

    /** The bytes of a segment, read in pieces as the stream is read; whoever reads it verifies them. */
    InputStream open(Segment segment) {
        return new RangeStream(store, base + segment.object(), segment.offset(), segment.length());
    }
}
