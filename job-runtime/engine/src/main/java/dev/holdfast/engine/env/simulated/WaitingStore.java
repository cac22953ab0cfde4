package dev.holdfast.engine.env.simulated;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.ObjectStore;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A process's way to the store: each operation takes a while, before and after its effect. */
final class WaitingStore implements ObjectStore {
    private static final long WAY_NS = 2_000_000;

    private final SimulatedProcess process;
    private final ObjectStore store;

    WaitingStore(SimulatedProcess process, ObjectStore store) {
        this.process = process;
        this.store = store;
    }

    @Override
    public boolean putIfAbsent(String key, Content content) {
        return wait("putIfAbsent " + key, () -> store.putIfAbsent(key, content));
    }

    @Override
    public void put(String key, Content content) {
        wait("put " + key, () -> {
            store.put(key, content);
            return true;
        });
    }

    @Override
    @SuppressWarnings("NullAway") // the supplier's result may be null here and is handed on as it is
    public byte @Nullable [] get(String key) {
        return wait("get " + key, () -> store.get(key));
    }

    @Override
    public byte[] getRange(String key, long offset, int length) {
        return wait("getRange " + key, () -> store.getRange(key, offset, length));
    }

    @Override
    public List<Listed> list(String prefix, @Nullable String after, int max) {
        return wait("list " + prefix, () -> store.list(prefix, after, max));
    }

    @Override
    public void delete(Collection<String> keys) {
        wait("delete " + keys, () -> {
            store.delete(keys);
            return true;
        });
    }

    @Override
    public String describe() {
        return store.describe();
    }

    @Override
    public void close() {}

    private <T> T wait(String what, Supplier<T> operation) {
        process.await(process.world().around(WAY_NS));
        process.world().note(process.name() + " " + what);
        try {
            return operation.get();
        } finally {
            process.await(process.world().around(WAY_NS));
        }
    }
}
