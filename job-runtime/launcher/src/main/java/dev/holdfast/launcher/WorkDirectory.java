package dev.holdfast.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Local files of one process. A lock keeps two processes of a job apart; the machine frees it when a process dies. Nobody needs
 * the files when the process has ended, but a process that keeps them may have less to fetch at its next start.
 */
final class WorkDirectory implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String FILES = "files";
    /** Each takes what was added during the one before, which is less and less. */
    private static final int DELETE_TRIES = 10;

    private final Path directory;
    private final @Nullable FileChannel lock;
    private final Left left;

    /** What becomes of files when a process ends. */
    enum Left {
        /** What an earlier process left is deleted when the directory is opened, its own files when it is closed. */
        DELETED,
        /** They stay, for the next process of the same place. */
        KEPT
    }

    private WorkDirectory(Path directory, @Nullable FileChannel lock, Left left) {
        this.directory = directory;
        this.lock = lock;
        this.left = left;
    }

    /**
     * Opens a directory below the given one, or a temporary one, of which nothing is kept.
     *
     * @param place names of directories, which tell processes apart that may use one directory
     */
    static WorkDirectory open(Optional<String> given, List<String> place, Left left) {
        String shown = given.orElse(System.getProperty("java.io.tmpdir"));
        try {
            if (given.isEmpty()) {
                return new WorkDirectory(Files.createTempDirectory("holdfast-"), null, Left.DELETED);
            }
            Path directory = Path.of(shown).toAbsolutePath();
            for (String name : place) {
                directory = directory.resolve(name);
            }
            Files.createDirectories(directory);
            FileChannel channel =
                    FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            WorkDirectory opened = new WorkDirectory(directory, channel, left);
            if (!opened.isLocked()) {
                channel.close();
                throw ConfigurationErrors.workDirectory(
                        shown, "another process uses " + String.join("/", place) + " in it", null);
            }
            if (left == Left.DELETED) {
                delete(opened.files());
            }
            Files.createDirectories(opened.files());
            return opened;
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
            throw ConfigurationErrors.workDirectory(shown, Reasons.of(e), e);
        }
    }

    /** Where the process puts its files. */
    Path files() {
        return directory.resolve(FILES);
    }

    private boolean isLocked() throws IOException {
        FileChannel channel = lock;
        if (channel == null) {
            return true;
        }
        try {
            FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Deletes the files if they are not kept; what cannot be deleted stays, since the next process does not need it gone. */
    @Override
    public void close() {
        try (FileChannel held = lock) {
            if (left == Left.DELETED) {
                deleteInUse(held == null ? directory : files());
            }
        } catch (IOException | UncheckedIOException e) {
            System.getLogger(WorkDirectory.class.getName())
                    .log(System.Logger.Level.WARNING, "left-overs in {0}: {1}", directory, Reasons.of(e));
        }
    }

    /** Tasks that run on while their process ends may add a file meanwhile. */
    private static void deleteInUse(Path root) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                delete(root);
                return;
            } catch (IOException | UncheckedIOException e) {
                if (tries == DELETE_TRIES) {
                    throw e;
                }
            }
        }
    }

    private static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
