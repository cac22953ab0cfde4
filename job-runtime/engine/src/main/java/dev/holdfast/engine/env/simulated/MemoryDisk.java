package dev.holdfast.engine.env.simulated;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.Randomness;
import dev.holdfast.engine.env.StoreException;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Files in memory. A file exists from its creation on, and holds what was flushed; a process that is killed meanwhile leaves it so. For
 * one thread at a time.
 */
public final class MemoryDisk implements LocalDisk {
    private final TreeMap<String, byte[]> files = new TreeMap<>();
    private boolean full;

    @Override
    public OutputStream create(String name) {
        requireSpace(name);
        files.put(name, new byte[0]);
        return new ByteArrayOutputStream() {
            @Override
            public void flush() {
                requireSpace(name);
                files.put(name, toByteArray());
            }

            @Override
            public void close() {
                flush();
            }
        };
    }

    /** Lets nothing more be written, or again. */
    public void setFull(boolean isFull) {
        full = isFull;
    }

    /** Turns one bit in one file, if there is a file with content. */
    public void rot(Randomness random) {
        List<String> names = files.entrySet().stream()
                .filter(file -> file.getValue().length > 0)
                .map(Map.Entry::getKey)
                .toList();
        if (!names.isEmpty()) {
            String name = names.get(random.nextInt(names.size()));
            byte[] bytes = file(name).clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            files.put(name, bytes);
        }
    }

    /** As after a machine's crash: nothing was forced to this disk, so any file may be gone, cut off, or end in zeros. */
    public void loseUnsynced(Randomness random) {
        for (String name : List.copyOf(files.keySet())) {
            byte[] bytes = file(name);
            int kept = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> files.remove(name);
                case 1 -> files.put(name, Arrays.copyOf(bytes, kept));
                case 2 -> files.put(name, Arrays.copyOf(Arrays.copyOf(bytes, kept), bytes.length));
                default -> {}
            }
        }
    }

    private void requireSpace(String name) {
        if (full) {
            throw new StoreException(
                    StoreException.Kind.DISK, "write of local file '" + name + "' failed: no space left on the disk");
        }
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
        requireSpace(name);
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
