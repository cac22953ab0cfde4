package dev.holdfast.engine.state;

import dev.holdfast.engine.checkpoint.Segment;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Where a restore reads segments. All methods block; errors are {@link dev.holdfast.engine.env.StoreException}. */
@FunctionalInterface
public interface SegmentSource {

    /** The segment's bytes, {@link Segment#length} of them; not verified yet. The caller closes the stream. */
    InputStream open(Segment segment) throws IOException;

    /** All segments that will be asked for, each once: the source may bring them here beside each other. */
    default void announce(List<Segment> segments) {}

    /** Gives the segment's bytes, verified, the name of a local file; false if the source does not have them on this disk. */
    default boolean link(Segment segment, String file) {
        return false;
    }
}
