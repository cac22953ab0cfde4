package dev.holdfast.engine.env.simulated;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.StoreException;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** Files in memory. A file exists from its stream's close on. For one thread at a time. */
public final class MemoryDisk implements LocalDisk {
    private final TreeMap<String, byte[]> files = new TreeMap<>();

    @Override
    public OutputStream create(String name) {
        return new ByteArrayOutputStream() {
            @Override
            public void close() {
                files.put(name, toByteArray());
            }
        };
    }

    @Override
    public byte[] read(String name) {
        return file(name).clone();
    }

    @Override
    public byte[] readRange(String name, long offset, int length) {
        byte[] file = file(name);
        if (offset < 0 || length < 0 || offset + length > file.length) {
            throw new StoreException(
                    StoreException.Kind.DISK,
                    "read of " + length + " bytes at " + offset + " goes beyond the " + file.length + " bytes of '"
                            + name + "'");
        }
        return Arrays.copyOfRange(file, (int) offset, (int) offset + length);
    }

    @Override
    public Content content(String name) {
        return Content.of(file(name));
    }

    @Override
    public void link(String existing, String name) {
        files.put(name, file(existing));
    }

    @Override
    public boolean exists(String name) {
        return files.containsKey(name) || !list(name).isEmpty();
    }

    @Override
    public long sizeBytes(String name) {
        return file(name).length;
    }

    @Override
    public List<String> list(String directory) {
        String prefix = directory.isEmpty() || directory.endsWith("/") ? directory : directory + "/";
        return List.copyOf(files.subMap(prefix, prefix + Character.MAX_VALUE).keySet());
    }

    @Override
    public void delete(String name) {
        files.remove(name);
        list(name).forEach(files::remove);
    }

    @Override
    public Path path(String name) {
        throw new UnsupportedOperationException("'" + name + "' is in memory: native code cannot open it");
    }

    private byte[] file(String name) {
        byte[] file = files.get(name);
        if (file == null) {
            throw new StoreException(StoreException.Kind.NOT_FOUND, "no file '" + name + "' on the disk in memory");
        }
        return file;
    }
}
