package dev.holdfast.engine.local;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.ObjectStore;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A bucket in which some writes take long. */
record SlowWrites(ObjectStore store, String part, long ms, Supplier<Env> process) implements ObjectStore {
    @Override
    public boolean putIfAbsent(String key, Content content) {
        pauseAt(key);
        return store.putIfAbsent(key, content);
    }

    @Override
    public void put(String key, Content content) {
        pauseAt(key);
        store.put(key, content);
    }

    @Override
    public byte @Nullable [] get(String key) {
        return store.get(key);
    }

    @Override
    public byte[] getRange(String key, long offset, int length) {
        return store.getRange(key, offset, length);
    }

    @Override
    public List<Listed> list(String prefix, @Nullable String after, int max) {
        return store.list(prefix, after, max);
    }

    @Override
    public void delete(Collection<String> keys) {
        store.delete(keys);
    }

    @Override
    public String describe() {
        return store.describe();
    }

    @Override
    public void close() {}

    private void pauseAt(String key) {
        if (key.contains(part)) {
            try {
                process.get().blocking().pause(ms);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
