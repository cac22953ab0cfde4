package dev.holdfast.launcher;

import dev.holdfast.engine.checkpoint.JobRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Local files of one process. Nothing in it outlives the process: what an earlier one left there is deleted when the
 * directory is opened, its own files when it is closed. A lock keeps two processes of a job apart; the machine frees it when a process dies.
 */
final class WorkDirectory implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String FILES = "files";
    /** Each takes what was added during the one before, which is less and less. */
    private static final int DELETE_TRIES = 10;

    private final Path directory;
    private final @Nullable FileChannel lock;

    private WorkDirectory(Path directory, @Nullable FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /** Opens a job's directory below the given one, or a temporary one. */
    static WorkDirectory open(Optional<String> given, JobRoot job) {
        String shown = given.orElse(System.getProperty("java.io.tmpdir"));
        try {
            if (given.isEmpty()) {
                return new WorkDirectory(Files.createTempDirectory("holdfast-"), null);
            }
            Path directory = Path.of(shown)
                    .toAbsolutePath()
                    .resolve(job.namespace())
                    .resolve(job.job())
                    .resolve(job.id());
            Files.createDirectories(directory);
            FileChannel channel =
                    FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            WorkDirectory opened = new WorkDirectory(directory, channel);
            if (!opened.isLocked()) {
                channel.close();
                throw ConfigurationErrors.workDirectory(shown, "another process runs job " + job + " in it", null);
            }
            delete(opened.files());
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

    /** Deletes the files; what cannot be deleted stays, since the next process does not need it gone. */
    @Override
    public void close() {
        try (FileChannel held = lock) {
            deleteInUse(held == null ? directory : files());
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
