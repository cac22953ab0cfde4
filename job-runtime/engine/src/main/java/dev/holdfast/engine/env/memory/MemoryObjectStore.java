package dev.holdfast.engine.env.memory;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.ObjectKeys;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Objects in the heap of this process. Keys are ASCII, so the order of strings is the order of their bytes. */
public final class MemoryObjectStore implements ObjectStore {
    private final String name;
    private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

    public MemoryObjectStore() {
        this("memory");
    }

    /** @param name what {@link #describe()} says, to tell several stores of a process apart */
    public MemoryObjectStore(String name) {
        this.name = name;
    }

    @Override
    public boolean putIfAbsent(String key, Content content) {
        checkPlace(key);
        return objects.putIfAbsent(key, read(key, content)) == null;
    }

    @Override
    public void put(String key, Content content) {
        checkPlace(key);
        objects.put(key, read(key, content));
    }

    @Override
    public byte @Nullable [] get(String key) {
        byte[] bytes = objects.get(ObjectKeys.check(key));
        return bytes == null ? null : bytes.clone();
    }

    @Override
    public byte[] getRange(String key, long offset, int length) {
        ObjectKeys.checkRange(key, offset, length);
        byte[] bytes = objects.get(key);
        if (bytes == null) {
            throw new StoreException(StoreException.Kind.NOT_FOUND, name + " has no object '" + key + "'");
        }
        if (offset > bytes.length - length) {
            throw new StoreException(
                    StoreException.Kind.DAMAGED,
                    "object '" + key + "' in " + name + " has " + bytes.length + " bytes; expected at least "
                            + (offset + length));
        }
        return Arrays.copyOfRange(bytes, (int) offset, (int) offset + length);
    }

    @Override
    public List<Listed> list(String prefix, @Nullable String after, int max) {
        ObjectKeys.checkList(prefix, max);
        Map<String, byte[]> tail = after == null || after.compareTo(prefix) < 0
                ? objects.tailMap(prefix, true)
                : objects.tailMap(after, false);
        List<Listed> listed = new ArrayList<>();
        for (Map.Entry<String, byte[]> object : tail.entrySet()) {
            if (listed.size() == max || !object.getKey().startsWith(prefix)) {
                break;
            }
            listed.add(new Listed(object.getKey(), object.getValue().length));
        }
        return List.copyOf(listed);
    }

    @Override
    public void delete(Collection<String> keys) {
        ObjectKeys.checkDelete(keys);
        keys.forEach(objects::remove);
    }

    @Override
    public String describe() {
        return name;
    }

    @Override
    public void close() {}

    /** Refuses what a directory would refuse, so that a job does not work in tests alone. */
    private void checkPlace(String key) {
        ObjectKeys.check(key);
        String below = objects.ceilingKey(key + "/");
        if (below != null && below.startsWith(key + "/")) {
            throw ObjectKeys.clash(key, below);
        }
        for (int end = key.lastIndexOf('/'); end > 0; end = key.lastIndexOf('/', end - 1)) {
            String above = key.substring(0, end);
            if (objects.containsKey(above)) {
                throw ObjectKeys.clash(key, above);
            }
        }
    }

    private byte[] read(String key, Content content) {
        try (InputStream in = content.open()) {
            byte[] bytes = in.readAllBytes();
            ObjectKeys.checkSize(key, content, bytes.length);
            return bytes;
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Kind.DISK,
                    "cannot read the content for '" + key + "' in " + name + ": " + e.getMessage(),
                    e);
        }
    }
}
