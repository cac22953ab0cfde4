package dev.holdfast.engine.state;

import dev.holdfast.engine.checkpoint.KeyedSegments;
import dev.holdfast.engine.checkpoint.Segment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The bucket of a schedule, its open checkpoints' uploads and the one confirmed checkpoint. */
final class ScheduleBucket {
    private final Map<String, byte[]> objects = new HashMap<>();
    private long made;
    private @Nullable Confirmed confirmed;

    /** A checkpoint on its way. */
    static final class Checkpoint {
        final long id;
        final List<ScheduleTask.Part> missing = new ArrayList<>();
        final Map<ScheduleTask.Part, KeyedSnapshot> snapshots = new LinkedHashMap<>();
        final Map<ScheduleTask.Part, Map<Long, Map<String, StateShape.Plain>>> models = new HashMap<>();
        final Map<StateSegment, Segment> uploaded = new LinkedHashMap<>();
        int waiting;
        boolean failed;

        Checkpoint(long id) {
            this.id = id;
        }

        boolean isFrozen() {
            return missing.isEmpty();
        }

        boolean isComplete() {
            return missing.isEmpty() && waiting == 0 && !failed;
        }
    }

    /** The latest complete checkpoint, by operator. */
    record Confirmed(
            List<List<KeyedSegments>> lists,
            List<Map<Long, Map<String, StateShape.Plain>>> models,
            List<List<StoredState>> stored) {}

    @Nullable Confirmed confirmed() {
        return confirmed;
    }

    InputStream open(Segment segment) {
        byte[] bytes = objects.get(segment.object());
        if (bytes == null) {
            throw new AssertionError("object " + segment.object() + " of the confirmed checkpoint is gone");
        }
        return new ByteArrayInputStream(bytes);
    }

    /** Uploads what has no confirmed place. */
    void upload(Checkpoint checkpoint) throws IOException {
        for (KeyedSnapshot snapshot : checkpoint.snapshots.values()) {
            for (BucketSnapshot list : snapshot.buckets()) {
                for (StateSegment segment : list.segments()) {
                    if (segment.confirmed() == null && !checkpoint.uploaded.containsKey(segment)) {
                        checkpoint.uploaded.put(segment, upload(segment));
                    }
                }
            }
        }
    }

    private Segment upload(StateSegment segment) throws IOException {
        try (InputStream in = segment.content().open()) {
            byte[] bytes = in.readAllBytes();
            String object = "o" + ++made;
            objects.put(object, bytes);
            return new Segment(
                    object,
                    0,
                    bytes.length,
                    segment.format(),
                    segment.keyGroups(),
                    segment.entries(),
                    segment.crc32c());
        }
    }

    /** Makes a checkpoint the one to restore, then tells its tasks. */
    void confirm(Checkpoint checkpoint, int operators) {
        List<List<KeyedSegments>> lists = new ArrayList<>();
        List<Map<Long, Map<String, StateShape.Plain>>> models = new ArrayList<>();
        List<List<StoredState>> stored = new ArrayList<>();
        for (int operator = 0; operator < operators; operator++) {
            lists.add(new ArrayList<>());
            models.add(new HashMap<>());
            stored.add(List.of());
        }
        checkpoint.snapshots.forEach((part, snapshot) -> {
            stored.set(part.operator, part.stored);
            models.get(part.operator).putAll(checkpoint.models.get(part));
            for (BucketSnapshot list : snapshot.buckets()) {
                List<Segment> segments = new ArrayList<>();
                for (StateSegment segment : list.segments()) {
                    Segment remote = segment.confirmed();
                    segments.add(remote != null ? remote : checkpoint.uploaded.get(segment));
                }
                lists.get(part.operator).add(new KeyedSegments(list.bucket(), list.keyGroups(), segments));
            }
        });
        confirmed = new Confirmed(lists, models, stored);
        checkpoint.snapshots.forEach(
                (part, snapshot) -> part.state.confirm(checkpoint.id, uploadsOf(checkpoint, snapshot)));
    }

    private static Map<StateSegment, Segment> uploadsOf(Checkpoint checkpoint, KeyedSnapshot snapshot) {
        Map<StateSegment, Segment> mine = new LinkedHashMap<>();
        for (BucketSnapshot list : snapshot.buckets()) {
            for (StateSegment segment : list.segments()) {
                Segment remote = checkpoint.uploaded.get(segment);
                if (remote != null) {
                    mine.put(segment, remote);
                }
            }
        }
        return mine;
    }

    /** Deletes what neither the confirmed checkpoint nor an open one reaches. */
    void collect(Collection<Checkpoint> open) {
        Set<String> reached = new HashSet<>();
        if (confirmed != null) {
            confirmed
                    .lists()
                    .forEach(lists ->
                            lists.forEach(list -> list.segments().forEach(segment -> reached.add(segment.object()))));
        }
        open.forEach(each -> each.uploaded.values().forEach(segment -> reached.add(segment.object())));
        objects.keySet().retainAll(reached);
    }
}
