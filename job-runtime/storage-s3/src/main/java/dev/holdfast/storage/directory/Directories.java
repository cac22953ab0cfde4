package dev.holdfast.storage.directory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Directories that last: made, forced and removed while other processes do the same. */
final class Directories {
    /** How often a directory is made anew, each time because some other process had just removed the one above it. */
    static final int MAX_TRIES = 1000;

    private Directories() {}

    /**
     * Makes a directory and those above it, and forces each new name to the disk.
     *
     * @throws FileAlreadyExistsException if one of them is a file; names it
     */
    static void create(Path directory) throws IOException {
        for (int tries = 1; !Files.isDirectory(directory); tries++) {
            Path parent = directory.getParent();
            if (parent == null) {
                throw new NoSuchFileException(directory.toString());
            }
            create(parent);
            try {
                Files.createDirectory(directory);
                force(parent);
            } catch (FileAlreadyExistsException e) {
                // One look decides: between two of them a directory can come and go.
                if (Files.isRegularFile(directory)) {
                    throw e;
                }
            } catch (NoSuchFileException e) {
                // The parent was empty and somebody removed it: make it again, unless that cannot be why.
                if (tries == MAX_TRIES) {
                    throw e;
                }
            }
        }
    }

    /** Forces the names in a directory to the disk. Does nothing if the directory is gone. */
    static void force(@Nullable Path directory) throws IOException {
        if (directory == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (NoSuchFileException e) {
            // With the directory went what was in it.
            return;
        }
    }

    static boolean isEmpty(Path directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            return !entries.iterator().hasNext();
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    /** Removes a directory and those above it, up to the root, as far as they are empty. Returns the first that stays. */
    static Path prune(Path directory, Path root) throws IOException {
        Path pruned = directory;
        while (!pruned.equals(root)) {
            try {
                Files.deleteIfExists(pruned);
            } catch (DirectoryNotEmptyException e) {
                return pruned;
            }
            Path parent = pruned.getParent();
            if (parent == null) {
                return pruned;
            }
            pruned = parent;
        }
        return pruned;
    }
}
