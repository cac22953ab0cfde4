package dev.holdfast.engine.state;

import dev.holdfast.engine.checkpoint.Segment;
import java.io.IOException;
import java.io.InputStream;

/** Where a restore reads segments. Blocks; errors are {@link dev.holdfast.engine.env.StoreException}. */
@FunctionalInterface
public interface SegmentSource {

    /** The segment's bytes, {@link Segment#length} of them; not verified yet. The caller closes the stream. */
    InputStream open(Segment segment) throws IOException;
}
