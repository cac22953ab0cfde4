package dev.holdfast.benchmarks;

import dev.holdfast.api.state.ValueState;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.host.DirectoryDisk;
import dev.holdfast.engine.env.host.HostEnv;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import dev.holdfast.engine.graph.KeyGroupRange;
import dev.holdfast.engine.graph.KeyGroups;
import dev.holdfast.engine.state.KeyedOperatorSpec;
import dev.holdfast.engine.state.KeyedSnapshot;
import dev.holdfast.engine.state.KeyedState;
import dev.holdfast.engine.state.SlotState;
import dev.holdfast.engine.state.SlotStateSettings;
import dev.holdfast.engine.state.StateDeclarations;
import dev.holdfast.engine.state.StateSchemas;
import dev.holdfast.engine.state.StoredState;
import dev.holdfast.engine.state.rocksdb.RocksSortedStore;
import dev.holdfast.engine.type.KeyCodec;
import dev.holdfast.engine.type.TypeSerializer;
import dev.holdfast.engine.type.TypeSerializers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;

/** The state of one keyed operator on a real RocksDB, without a job: the calling thread is the slot. */
final class LocalState implements AutoCloseable {
    private static final int MAX_PARALLELISM = 128;
    private static final TypeSerializer<Long> KEY = TypeSerializers.ofKey(Type.of(Long.class));

    final KeyedState state;
    final ValueState<Long> count;
    final Long[] keys;
    final int[] hashes;
    private final Path directory;
    private final SlotState slot;
    private final LinkedBlockingQueue<Runnable> mail = new LinkedBlockingQueue<>();
    private long checkpoint;

    /**
     * Opens an empty state.
     *
     * @param keys how many keys to use, of those in the key groups
     * @param keyGroups how many of 128 key groups the task owns
     */
    LocalState(int keys, int keyGroups, long budgetBytes) throws IOException {
        directory = Files.createTempDirectory("holdfast-bench");
        Env env = HostEnv.of(directory, new MemoryObjectStore());
        slot = SlotState.open(
                new SlotStateSettings("slot", budgetBytes),
                env,
                RocksSortedStore.factory(new DirectoryDisk(directory)),
                mail::add);
        StateDeclarations declarations = new StateDeclarations("bench");
        count = declarations.value("count", Type.of(Long.class), 0L);
        declarations.seal();
        List<StoredState> stored = StateSchemas.plan("bench", declarations.declared(), List.of());
        KeyGroupRange range = new KeyGroupRange(0, keyGroups - 1);
        state = slot.keyed(
                new KeyedOperatorSpec("bench", 1, KEY, range, MAX_PARALLELISM, declarations, stored),
                List.of(),
                true,
                segment -> {
                    throw new IllegalStateException("nothing is restored");
                });
        KeyCodec<Long> codec = new KeyCodec<>(KEY);
        this.keys = new Long[keys];
        hashes = new int[keys];
        long number = 0;
        for (int i = 0; i < keys; number++) {
            int hash = codec.hash(number);
            if (KeyGroups.keyGroup(hash, MAX_PARALLELISM) < keyGroups) {
                this.keys[i] = number;
                hashes[i++] = hash;
            }
        }
    }

    void setAll(long value) {
        setAll(value, 0, keys.length);
    }

    void setAll(long value, int from, int to) {
        for (int i = from; i < to; i++) {
            state.setKey(keys[i], hashes[i]);
            count.set(value + i);
        }
        state.clearKey();
    }

    /** Freezes, and waits until the flush has ended. */
    KeyedSnapshot flush() throws InterruptedException {
        KeyedSnapshot[] taken = new KeyedSnapshot[1];
        Throwable[] failed = new Throwable[1];
        checkpoint++;
        state.freeze(checkpoint, (snapshot, error) -> {
            taken[0] = snapshot;
            failed[0] = error;
        });
        while (taken[0] == null) {
            mail.take().run();
            if (failed[0] != null) {
                throw new IllegalStateException("the flush failed", failed[0]);
            }
        }
        state.confirm(checkpoint, Map.of());
        return taken[0];
    }

    /** Takes what background work has left, and evicts. */
    void maintain() {
        Runnable work = mail.poll();
        if (work != null) {
            work.run();
        }
        state.maintain(System.nanoTime());
    }

    @Override
    public void close() throws IOException {
        slot.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
