package dev.holdfast.storage.directory;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.ObjectKeys;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.StoreException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Objects as files below a directory, for all processes of one machine. A write takes these steps:
 *
 * <ol>
 *   <li>the content goes to a file of its own in {@code <root>/#new}, which is then forced to the disk: so nobody ever sees
 *       half an object, not even after the machine lost power;
 *   <li>create-only: a hard link gives it its name, which fails where the name is taken; otherwise: it is renamed, over what
 *       was there;
 *   <li>the directory is forced to the disk, and each directory that was made for it.
 * </ol>
 *
 * <p>Directories go away with their last object. A write that finds its directory gone between two steps makes it again.
 *
 * <p>Needs a file system with hard links and atomic renames whose names keep their case; network file systems keep the
 * create-only promise only as far as their own links do.
 */
public final class DirectoryObjectStore implements ObjectStore {
    private final Path root;
    private final NewFiles newFiles;

    private DirectoryObjectStore(Path root, NewFiles newFiles) {
        this.root = root;
        this.newFiles = newFiles;
    }

    /**
     * Opens a directory and makes it if there is none.
     *
     * @throws StoreException of kind DISK if it is none, or cannot be written
     */
    public static DirectoryObjectStore open(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        try {
            Directories.create(root);
            return new DirectoryObjectStore(root, NewFiles.open(root));
        } catch (FileAlreadyExistsException e) {
            throw new StoreException(
                    StoreException.Kind.DISK, root + " is to be the store but is no directory. Name another place", e);
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Kind.DISK,
                    "cannot use directory " + root + " as the store: " + reason(e)
                            + ". It must be writable for the user of this process",
                    e);
        }
    }

    @Override
    public boolean putIfAbsent(String key, Content content) {
        Path target = path(key);
        try (NewFiles.NewFile file = newFiles.write(key, content)) {
            boolean created = publish(key, target, () -> Files.createLink(target, file.path()));
            // Also on refusal: who hears that the object is there may rely on it.
            Directories.force(target.getParent());
            return created;
        } catch (UnsupportedOperationException e) {
            throw new StoreException(
                    StoreException.Kind.NO_CONDITIONAL_WRITES,
                    "the file system of " + root
                            + " has no hard links, so it cannot decide who creates an object first."
                            + " Name a directory on another file system",
                    e);
        } catch (IOException e) {
            throw failed("write", key, e);
        }
    }

    @Override
    public void put(String key, Content content) {
        Path target = path(key);
        try (NewFiles.NewFile file = newFiles.write(key, content)) {
            boolean renamed = publish(key, target, () -> {
                if (Files.isDirectory(target)) {
                    throw new FileAlreadyExistsException(target.toString());
                }
                Files.move(file.path(), target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            });
            if (!renamed) {
                throw new FileAlreadyExistsException(target.toString());
            }
            Directories.force(target.getParent());
        } catch (AtomicMoveNotSupportedException e) {
            throw new StoreException(
                    StoreException.Kind.DISK,
                    root
                            + " spans several file systems: cannot rename within it. Name a directory without mounts in it",
                    e);
        } catch (IOException e) {
            throw failed("write", key, e);
        }
    }

    @Override
    public byte @Nullable [] get(String key) {
        try (FileChannel file = FileChannel.open(path(key), StandardOpenOption.READ)) {
            // The file is never changed under its name, only replaced: this channel sees all of one object.
            return read(file, 0, Math.toIntExact(file.size()));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            if (isNoObject(key)) {
                return null;
            }
            throw failed("read", key, e);
        }
    }

    @Override
    public byte[] getRange(String key, long offset, int length) {
        ObjectKeys.checkRange(key, offset, length);
        try (FileChannel file = FileChannel.open(path(key), StandardOpenOption.READ)) {
            long sizeBytes = file.size();
            if (offset > sizeBytes - length) {
                throw new StoreException(
                        StoreException.Kind.DAMAGED,
                        "object '" + key + "' in " + describe() + " has " + sizeBytes + " bytes; expected at least "
                                + (offset + length));
            }
            return read(file, offset, length);
        } catch (NoSuchFileException e) {
            throw notFound(key, e);
        } catch (IOException e) {
            if (isNoObject(key)) {
                throw notFound(key, e);
            }
            throw failed("read", key, e);
        }
    }

    @Override
    public List<Listed> list(String prefix, @Nullable String after, int max) {
        ObjectKeys.checkList(prefix, max);
        try {
            return new Listing(root, prefix, after, max).run();
        } catch (IOException e) {
            throw failed("list", prefix, e);
        }
    }

    @Override
    public void delete(Collection<String> keys) {
        ObjectKeys.checkDelete(keys);
        Set<Path> changed = new LinkedHashSet<>();
        for (String key : keys) {
            Path target = path(key);
            try {
                if (Files.isRegularFile(target) && Files.deleteIfExists(target)) {
                    changed.add(target.getParent());
                }
            } catch (DirectoryNotEmptyException e) {
                // The object went away and became a directory since the line above.
            } catch (IOException e) {
                throw failed("delete", key, e);
            }
        }
        for (Path directory : changed) {
            try {
                Directories.force(Directories.prune(directory, root));
            } catch (IOException e) {
                throw failed("delete objects in", root.relativize(directory).toString(), e);
            }
        }
    }

    @Override
    public String describe() {
        return "directory " + root;
    }

    @Override
    public void close() {}

    /** Gives a file its name. Returns false if the name is taken by an object. */
    private boolean publish(String key, Path target, Step step) throws IOException {
        // Every key is below the root.
        Path directory = Objects.requireNonNull(target.getParent());
        for (int tries = 1; ; tries++) {
            try {
                Directories.create(directory);
            } catch (FileAlreadyExistsException e) {
                throw clash(key, e);
            }
            try {
                step.run();
                return true;
            } catch (FileAlreadyExistsException e) {
                if (Files.isRegularFile(target)) {
                    return false;
                }
                if (Files.isDirectory(target) && !Directories.isEmpty(target)) {
                    throw clash(key, e);
                }
                // An empty directory is about to be removed by the process that emptied it, or was left by one that
                // died
                // before it could.
                Directories.prune(target, root);
                if (tries == Directories.MAX_TRIES) {
                    throw e;
                }
            } catch (NoSuchFileException e) {
                if (tries == Directories.MAX_TRIES) {
                    throw e;
                }
            }
        }
    }

    private IllegalArgumentException clash(String key, FileAlreadyExistsException e) {
        return ObjectKeys.clash(
                key,
                root.relativize(root.resolve(e.getFile()))
                        .toString()
                        .replace(root.getFileSystem().getSeparator(), "/"));
    }

    private Path path(String key) {
        return root.resolve(ObjectKeys.check(key));
    }

    /** Whether the key cannot be an object because its place is a directory, or lies below an object. */
    private boolean isNoObject(String key) {
        return !Files.isRegularFile(path(key));
    }

    private static byte[] read(FileChannel file, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, offset + bytes.position()) < 0) {
                throw new EOFException("it ends at " + (offset + bytes.position()) + ", before " + (offset + length));
            }
        }
        return bytes.array();
    }

    private StoreException notFound(String key, IOException cause) {
        return new StoreException(StoreException.Kind.NOT_FOUND, describe() + " has no object '" + key + "'", cause);
    }

    private StoreException failed(String verb, String key, IOException cause) {
        return new StoreException(
                StoreException.Kind.DISK,
                "cannot " + verb + " '" + key + "' in " + describe() + ": " + reason(cause)
                        + ". Look at the disk: is it full, read-only, failing?",
                cause);
    }

    static String reason(IOException e) {
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        String name = e.getClass().getSimpleName().replaceAll("Exception$", "");
        return e.getMessage() == null ? name : name + ": " + e.getMessage();
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }
}
