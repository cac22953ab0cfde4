package dev.holdfast.engine.env.host;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.StoreException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory on the machine's disk. */
public final class DirectoryDisk implements LocalDisk {
    private static final int BUFFER_BYTES = 256 * 1024;

    private final Path root;

    /** @param root created when it is first written to */
    public DirectoryDisk(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    @Override
    public OutputStream create(String name) {
        return io("create", name, () -> new BufferedOutputStream(Files.newOutputStream(path(name)), BUFFER_BYTES));
    }

    @Override
    public byte[] read(String name) {
        return io("read", name, () -> Files.readAllBytes(resolve(name)));
    }

    @Override
    public byte[] readRange(String name, long offset, int length) {
        return io("read", name, () -> {
            try (RandomAccessFile file = new RandomAccessFile(resolve(name).toFile(), "r")) {
                byte[] bytes = new byte[length];
                file.seek(offset);
                file.readFully(bytes);
                return bytes;
            }
        });
    }

    @Override
    public Content content(String name) {
        Path path = resolve(name);
        long sizeBytes = sizeBytes(name);
        return new Content() {
            @Override
            public long sizeBytes() {
                return sizeBytes;
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(path);
            }
        };
    }

    @Override
    public void link(String existing, String name) {
        io("link", name, () -> {
            Path from = resolve(existing);
            Path to = path(name);
            try {
                Files.createLink(to, from);
            } catch (FileAlreadyExistsException e) {
                throw e;
            } catch (IOException | UnsupportedOperationException e) {
                Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
            }
            return to;
        });
    }

    @Override
    public boolean exists(String name) {
        return Files.exists(resolve(name));
    }

    @Override
    public long sizeBytes(String name) {
        return io("size", name, () -> Files.size(resolve(name)));
    }

    @Override
    public List<String> list(String directory) {
        Path start = resolve(directory);
        if (!Files.isDirectory(start)) {
            return List.of();
        }
        return io("list", directory, () -> {
            try (Stream<Path> files = Files.walk(start)) {
                return files.filter(Files::isRegularFile)
                        .map(file -> root.relativize(file).toString().replace('\\', '/'))
                        .sorted()
                        .toList();
            }
        });
    }

    @Override
    public void delete(String name) {
        Path start = resolve(name);
        io("delete", name, () -> {
            if (!Files.isDirectory(start)) {
                return Files.deleteIfExists(start);
            }
            try (Stream<Path> files = Files.walk(start)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
            return true;
        });
    }

    @Override
    public Path path(String name) {
        Path path = resolve(name);
        return io("create directory of", name, () -> {
            Path parent = path.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            return path;
        });
    }

    private Path resolve(String name) {
        Path path = root.resolve(name).normalize();
        if (!path.startsWith(root)) {
            throw new IllegalArgumentException("file name '" + name + "' leads out of the directory");
        }
        return path;
    }

    private <T> T io(String operation, String name, DiskCall<T> call) {
        try {
            return call.run();
        } catch (NoSuchFileException e) {
            throw new StoreException(
                    StoreException.Kind.NOT_FOUND, operation + " '" + name + "' in " + root + ": no such file", e);
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Kind.DISK,
                    operation + " '" + name + "' in " + root + " failed: " + e
                            + ". Check that the disk is not full and that the directory is writable.",
                    e);
        }
    }

    @FunctionalInterface
    private interface DiskCall<T> {
        T run() throws IOException;
    }
}
