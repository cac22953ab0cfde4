package dev.holdfast.engine.state;

import dev.holdfast.engine.checkpoint.Segment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which reads bring segments here: small ones that lie close to each other in one object come by one read, since a read costs
 * milliseconds whatever its length; large ones come alone, since those can go beside each other. Pure.
 */
final class FetchPlan {
    /** Reads of this length cost more by their bytes than by their number. It is held in memory, for each read under way. */
    static final long MAX_READ_BYTES = 4L << 20;

    /** Bytes between two segments that are read in vain rather than by another read. */
    static final long MAX_GAP_BYTES = 64L << 10;

    private FetchPlan() {}

    /**
     * One range of one object.
     *
     * @param segments that lie in it, by offset; a single one may be longer than {@link #MAX_READ_BYTES}
     */
    record Read(String object, long offset, long length, List<Segment> segments) {
        Read {
            segments = List.copyOf(segments);
        }
    }

    /** The longest first, so that none begins when all others have ended. */
    static List<Read> of(List<Segment> segments) {
        Map<String, List<Segment>> byObject = new TreeMap<>();
        segments.forEach(segment -> byObject.computeIfAbsent(segment.object(), object -> new ArrayList<>())
                .add(segment));
        List<Read> reads = new ArrayList<>();
        byObject.forEach((object, inside) -> {
            inside.sort(Comparator.comparingLong(Segment::offset));
            List<Segment> open = new ArrayList<>();
            for (Segment segment : inside) {
                if (!open.isEmpty() && !fits(open, segment)) {
                    reads.add(read(object, open));
                    open.clear();
                }
                open.add(segment);
            }
            reads.add(read(object, open));
        });
        reads.sort(Comparator.comparingLong(Read::length).reversed());
        return reads;
    }

    private static boolean fits(List<Segment> open, Segment next) {
        return next.offset() - end(open.getLast()) <= MAX_GAP_BYTES
                && end(next) - open.getFirst().offset() <= MAX_READ_BYTES;
    }

    private static Read read(String object, List<Segment> segments) {
        long offset = segments.getFirst().offset();
        return new Read(object, offset, end(segments.getLast()) - offset, segments);
    }

    private static long end(Segment segment) {
        return segment.offset() + segment.length();
    }
}
