package dev.holdfast.engine.state;

import dev.holdfast.api.type.Type;
import dev.holdfast.engine.checkpoint.KeyedSegments;
import dev.holdfast.engine.checkpoint.Segment;
import dev.holdfast.engine.env.Clock;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.simulated.SimulatedRandomness;
import dev.holdfast.engine.graph.KeyGroupRange;
import dev.holdfast.engine.type.KeyCodec;
import dev.holdfast.engine.type.TypeSerializer;
import dev.holdfast.engine.type.TypeSerializers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One operator's state in one slot, whose blocking calls run when {@link #settle} is called. Keys are strings. */
final class StateHarness implements AutoCloseable {
    static final int MAX_PARALLELISM = 32;
    static final TypeSerializer<String> KEY = TypeSerializers.ofKey(Type.of(String.class));

    final SlotState slot;
    final KeyedState state;
    final List<StoredState> stored;
    final LaterCalls calls = new LaterCalls();
    private final KeyCodec<String> codec = new KeyCodec<>(KEY);

    /** What a checkpoint left in the bucket. */
    record Saved(Map<String, byte[]> objects, List<RestoredBucket> buckets, List<StoredState> stored) {
        static final Saved NOTHING = new Saved(Map.of(), List.of(), List.of());

        InputStream open(Segment segment) {
            return new ByteArrayInputStream(objects.get(segment.object()));
        }
    }

    StateHarness(
            LocalDisk disk,
            SortedStore.Factory stores,
            long budgetBytes,
            Thresholds thresholds,
            KeyGroupRange keyGroups,
            StateDeclarations declarations,
            Saved saved) {
        Clock clock = new Clock() {
            @Override
            public long nowNs() {
                return 0;
            }

            @Override
            public long wallMs() {
                return 0;
            }
        };
        Env env = new Env(clock, new SimulatedRandomness(1), null, calls, disk, null);
        slot = SlotState.open(new SlotStateSettings("slot", budgetBytes, thresholds), env, stores, calls);
        declarations.seal();
        stored = StateSchemas.plan("operator", declarations.declared(), saved.stored());
        try {
            state = slot.keyed(
                    new KeyedOperatorSpec("operator", 1, KEY, keyGroups, MAX_PARALLELISM, declarations, stored),
                    saved.buckets(),
                    true,
                    saved::open);
        } catch (RuntimeException e) {
            slot.close();
            throw e;
        }
    }

    /** For all key groups. */
    static KeyGroupRange all() {
        return new KeyGroupRange(0, MAX_PARALLELISM - 1);
    }

    void key(String key) {
        state.setKey(key, codec.hash(key));
    }

    int hash(String key) {
        return codec.hash(key);
    }

    /** Between batches: lets the state evict and spill, and all blocking calls run. */
    void betweenBatches() {
        state.clearKey();
        do {
            state.maintain(0);
            settle();
        } while (state.mustWait());
    }

    void settle() {
        while (!calls.isIdle()) {
            while (calls.waiting() > 0) {
                calls.run(0);
            }
            calls.drain();
        }
    }

    KeyedSnapshot snapshot(long checkpointId) {
        KeyedSnapshot[] taken = new KeyedSnapshot[1];
        @Nullable Throwable[] failed = new Throwable[1];
        state.freeze(checkpointId, (snapshot, error) -> {
            taken[0] = snapshot;
            failed[0] = error;
        });
        settle();
        if (failed[0] != null) {
            throw new IllegalStateException("flush failed", failed[0]);
        }
        return taken[0];
    }

    /** A confirmed checkpoint. */
    Saved save(long checkpointId, Saved before) throws IOException {
        KeyedSnapshot snapshot = snapshot(checkpointId);
        Map<String, byte[]> objects = new HashMap<>(before.objects());
        Map<StateSegment, Segment> uploaded = new LinkedHashMap<>();
        List<RestoredBucket> buckets = new ArrayList<>();
        for (BucketSnapshot bucket : snapshot.buckets()) {
            List<Segment> segments = new ArrayList<>();
            for (StateSegment segment : bucket.segments()) {
                Segment remote = segment.confirmed();
                if (remote == null) {
                    try (InputStream in = segment.content().open()) {
                        remote = new Segment(
                                "runs/" + checkpointId + "-" + objects.size(),
                                0,
                                segment.sizeBytes(),
                                segment.format(),
                                segment.keyGroups(),
                                segment.entries(),
                                segment.crc32c());
                        objects.put(remote.object(), in.readAllBytes());
                        uploaded.put(segment, remote);
                    }
                }
                segments.add(remote);
            }
            buckets.add(new RestoredBucket(
                    bucket.bucket(), List.of(new KeyedSegments(bucket.bucket(), bucket.keyGroups(), segments))));
        }
        state.confirm(checkpointId, uploaded);
        return new Saved(objects, buckets, stored);
    }

    @Override
    public void close() {
        slot.close();
    }
}
