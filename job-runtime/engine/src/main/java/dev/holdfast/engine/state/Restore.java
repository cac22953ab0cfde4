package dev.holdfast.engine.state;

import dev.holdfast.engine.checkpoint.KeyedSegments;
import dev.holdfast.engine.checkpoint.Segment;
import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.StoreException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Fills a keyed state from a checkpoint that may have been written by another number of tasks. Blocks.
 *
 * <ol>
 *   <li>The lists of a bucket speak for disjoint ranges of key groups, so their order does not matter; the order within each
 *       does. Lists that begin with the same segments (those of tasks that were one task once) are walked as one, so that a
 *       segment counts for all of their ranges together. All buckets are walked level by level.
 *   <li>A segment whose entries all lie in ranges of its lists and of this task is taken as it is, with its name in the
 *       bucket. Of any other, what lies there is copied into a new one.
 *   <li>All that are needed are named to the source first. Each is fetched once, verified, and put into the store in order.
 * </ol>
 */
final class Restore {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final SlotState slot;
    private final boolean reuse;
    private final SegmentSource source;
    private final Map<Segment, StateSegment> fetched = new LinkedHashMap<>();

    Restore(SlotState slot, boolean reuse, SegmentSource source) {
        this.slot = slot;
        this.reuse = reuse;
        this.source = source;
    }

    void run(KeyedState state, List<RestoredBucket> restored) {
        List<Branch> roots = new ArrayList<>();
        for (RestoredBucket each : restored) {
            if (state.hasBucket(each.bucket())) {
                Bucket bucket = state.bucket(each.bucket());
                roots.add(new Branch(
                        bucket,
                        each.lists().stream()
                                .filter(list -> list.valid().overlaps(bucket.keyGroups()))
                                .toList()));
            }
        }
        Set<Segment> needed = new LinkedHashSet<>();
        walk(roots, level -> level.forEach(wanted -> needed.add(wanted.segment())));
        source.announce(List.copyOf(needed));
        List<List<Taken>> levels = new ArrayList<>();
        walk(roots, level -> levels.add(take(level)));
        load(levels);
        drop();
    }

    /** Lists of one bucket that are the same up to some place. */
    private record Branch(Bucket bucket, List<KeyedSegments> lists) {}

    /** A segment that some lists of a bucket share, of which the task wants so many key groups. */
    private record Wanted(Bucket bucket, Segment segment, List<KeyedSegments> sharing, int inside) {}

    /** A segment that is part of a bucket of the task now. */
    private record Taken(Bucket bucket, StateSegment segment) {}

    /** Visits what is wanted from the oldest on. The segments of one level have no key group in common. */
    private static void walk(List<Branch> roots, Consumer<List<Wanted>> visitor) {
        List<Branch> branches = roots;
        for (int index = 0; !branches.isEmpty(); index++) {
            List<Branch> next = new ArrayList<>();
            List<Wanted> level = new ArrayList<>();
            for (Branch branch : branches) {
                Map<Segment, List<KeyedSegments>> segments = new LinkedHashMap<>();
                for (KeyedSegments list : branch.lists()) {
                    if (index < list.segments().size()) {
                        segments.computeIfAbsent(list.segments().get(index), segment -> new ArrayList<>())
                                .add(list);
                    }
                }
                segments.forEach((segment, sharing) -> {
                    int inside = inside(branch.bucket(), segment, sharing);
                    if (inside > 0) {
                        level.add(new Wanted(branch.bucket(), segment, sharing, inside));
                    }
                    next.add(new Branch(branch.bucket(), sharing));
                });
            }
            visitor.accept(level);
            branches = next;
        }
    }

    /**
     * Puts what was taken into the store, each bucket's oldest first. The store takes in many files at the cost of one, so the files at
     * the beginning of all lists go in together; what follows a batch of entries goes in level by level.
     */
    private void load(List<List<Taken>> levels) {
        Set<Bucket> entered = new HashSet<>();
        List<StateSegment> first = new ArrayList<>();
        List<List<StateSegment>> rest = new ArrayList<>();
        for (List<Taken> level : levels) {
            List<StateSegment> later = new ArrayList<>();
            List<Bucket> entries = new ArrayList<>();
            for (Taken taken : level) {
                if (taken.segment().format() == Segment.Format.ENTRIES) {
                    entries.add(taken.bucket());
                    later.add(taken.segment());
                } else if (entered.contains(taken.bucket())) {
                    later.add(taken.segment());
                } else {
                    first.add(taken.segment());
                }
            }
            entered.addAll(entries);
            rest.add(later);
        }
        StateSegment.load(first, slot.store());
        rest.forEach(level -> StateSegment.load(level, slot.store()));
    }

    /** How many of a segment's key groups are wanted. */
    private static int inside(Bucket bucket, Segment segment, List<KeyedSegments> sharing) {
        int inside = 0;
        for (int keyGroup = segment.keyGroups().from();
                keyGroup <= segment.keyGroups().to();
                keyGroup++) {
            if (isWanted(bucket, sharing, keyGroup)) {
                inside++;
            }
        }
        return inside;
    }

    private List<Taken> take(List<Wanted> level) {
        List<Taken> taken = new ArrayList<>();
        for (Wanted wanted : level) {
            StateSegment segment = take(wanted);
            if (segment != null) {
                wanted.bucket().markInStore();
                wanted.bucket().append(segment);
                taken.add(new Taken(wanted.bucket(), segment));
            }
        }
        return taken;
    }

    private @Nullable StateSegment take(Wanted wanted) {
        StateSegment whole = fetch(wanted.segment());
        if (wanted.inside() < wanted.segment().keyGroups().size()) {
            return copy(wanted.bucket(), whole, wanted.sharing());
        }
        if (reuse) {
            whole.confirm(wanted.segment());
        }
        return whole;
    }

    private static boolean isWanted(Bucket bucket, List<KeyedSegments> sharing, int keyGroup) {
        if (!bucket.keyGroups().contains(keyGroup)) {
            return false;
        }
        for (KeyedSegments list : sharing) {
            if (list.valid().contains(keyGroup)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable StateSegment copy(Bucket bucket, StateSegment whole, List<KeyedSegments> sharing) {
        try (SegmentWriter out = new SegmentWriter(slot, whole.sizeBytes());
                EntryCursor in = whole.open(slot.store())) {
            while (in.next()) {
                if (isWanted(bucket, sharing, KeyWriter.keyGroup(in.keyBytes(), in.keyOffset()))) {
                    out.add(
                            in.keyBytes(),
                            in.keyOffset(),
                            in.keyLength(),
                            in.valueBytes(),
                            in.valueOffset(),
                            in.valueLength());
                }
            }
            return out.finish();
        }
    }

    private StateSegment fetch(Segment segment) {
        StateSegment known = fetched.get(segment);
        if (known != null) {
            return known;
        }
        boolean inMemory = segment.format() == Segment.Format.ENTRIES
                && segment.length() < slot.thresholds().memoryBytes();
        String file = inMemory ? null : slot.newFile();
        LocalDisk disk = slot.disk();
        ByteArrayOutputStream memory = new ByteArrayOutputStream();
        try {
            if (file == null || !source.link(segment, file)) {
                try (InputStream in = source.open(segment);
                        OutputStream out = file == null ? memory : disk.create(file)) {
                    transfer(segment, in, out);
                }
            }
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Kind.DISK,
                    "fetch of " + describe(segment) + " to the local disk failed: " + e
                            + ". Check the disk and the way to the bucket.",
                    e);
        }
        StateSegment local = new StateSegment(
                disk,
                file,
                file == null ? memory.toByteArray() : null,
                segment.format(),
                segment.keyGroups(),
                segment.length(),
                segment.entries(),
                segment.crc32c());
        // Held until all is done.
        local.retain();
        fetched.put(segment, local);
        return local;
    }

    static void transfer(Segment segment, InputStream in, OutputStream out) throws IOException {
        CRC32C crc = new CRC32C();
        byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, Math.max(1, segment.length() + 1))];
        long length = 0;
        for (int n; (n = in.read(buffer)) > 0; ) {
            crc.update(buffer, 0, n);
            out.write(buffer, 0, n);
            length += n;
        }
        if (length != segment.length()) {
            throw new StoreException(
                    StoreException.Kind.DAMAGED,
                    describe(segment) + " has " + length + " bytes, expected " + segment.length() + advice());
        }
        if ((int) crc.getValue() != segment.crc32c()) {
            throw new StoreException(
                    StoreException.Kind.DAMAGED,
                    describe(segment) + " has checksum " + String.format("%08x", (int) crc.getValue()) + ", expected "
                            + String.format("%08x", segment.crc32c()) + advice());
        }
    }

    private static String describe(Segment segment) {
        return "segment at offset " + segment.offset() + " of object '" + segment.object() + "'";
    }

    private static String advice() {
        return ". The object is not what was written: restore an older checkpoint or a savepoint.";
    }

    /** Gives up what was fetched and only copied from. */
    private void drop() {
        List<StateSegment> unused =
                fetched.values().stream().filter(StateSegment::release).toList();
        unused.forEach(slot::deleteFile);
        fetched.clear();
    }
}
