package dev.holdfast.connector.files;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.UnrecoverableException;
import dev.holdfast.api.connector.TransactionalSink;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes pending files visible. For each file there are four cases:
 *
 * <pre>
 *   pending  visible
 *   yes      no       compare with the committable, rename
 *   no       yes      committed before: compare with the committable, done
 *   yes      yes      both compared (somebody copied files around): delete the pending one, done
 *   no       no       data is lost: HF-FIL-010
 * </pre>
 *
 * No later try can mend lost or damaged data, so both end the job. The log keeps the decision, and each start tries again.
 *
 * Compared is the size, and the CRC as well for files that another attempt may have written: a machine may have crashed in
 * between. In each case the directory is forced to disk, so that a repetition also repairs a rename that was not durable.
 */
final class PartCommitter implements TransactionalSink.Committer<PendingFile> {
    private final Path directory;
    private final OutputNames names;
    private final int index;
    private final int parallelism;
    private final long attempt;
    private boolean recovered;

    PartCommitter(Path directory, OutputNames names, int index, int parallelism, long attempt) {
        this.directory = directory;
        this.names = names;
        this.index = index;
        this.parallelism = parallelism;
        this.attempt = attempt;
    }

    @Override
    public void commit(List<PendingFile> files) throws IOException {
        Set<Path> changed = new LinkedHashSet<>();
        for (PendingFile file : files) {
            commit(file);
            changed.add(file.directoryIn(files()));
        }
        for (Path each : changed) {
            Disk.force(each);
        }
    }

    private void commit(PendingFile file) throws IOException {
        Path pending = file.pendingPath(files());
        Path visible = file.visiblePath(files());
        boolean isPending = isThere(pending);
        if (isPending) {
            compare(pending, file);
        }
        if (isThere(visible)) {
            compare(visible, file);
            if (isPending) {
                Files.deleteIfExists(pending);
            }
            return;
        }
        if (!isPending) {
            throw lost(file);
        }
        try {
            Files.move(pending, visible, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            // A paused process of an earlier attempt may commit the same file at this moment.
            if (!isThere(visible)) {
                throw lost(file);
            }
        }
    }

    /** Committables hold names as text; they mean files in the file system of the sink. */
    private FileSystem files() {
        return directory.getFileSystem();
    }

    /** False only if it is certainly not there: what cannot be looked at now may be looked at by the next try. */
    private static boolean isThere(Path path) throws IOException {
        try {
            Files.readAttributes(path, BasicFileAttributes.class);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void compare(Path path, PendingFile file) throws IOException {
        long sizeBytes = Files.size(path);
        if (sizeBytes != file.sizeBytes()) {
            throw new UnrecoverableException(
                    "HF-FIL-011",
                    "output file " + path + " is damaged: found " + sizeBytes + " bytes, expected " + file.sizeBytes()
                            + ". Nothing but the job may write to it. " + advice(file));
        }
        if (!recovered) {
            int crc32c = Disk.crc32c(path);
            if (crc32c != file.crc32c()) {
                throw new UnrecoverableException(
                        "HF-FIL-011",
                        String.format(
                                "output file %s is damaged: found CRC-32C %08x, expected %08x over %d bytes. Nothing but"
                                        + " the job may write to it. %s",
                                path, crc32c, file.crc32c(), sizeBytes, advice(file)));
            }
        }
    }

    private HoldfastException lost(PendingFile file) {
        return new UnrecoverableException(
                "HF-FIL-010",
                "output of a checkpoint is lost: found neither " + file.pendingPath(files()) + " nor "
                        + file.visiblePath(files())
                        + ", expected one of them with " + file.sizeBytes() + " bytes. " + advice(file));
    }

    private static String advice(PendingFile file) {
        return "Put " + file.visible() + " back into " + file.directory()
                + " and start the job again: it goes on with nothing lost. If there is no copy of it, start the job under"
                + " another id, from a savepoint or anew.";
    }

    @Override
    public void abort(List<PendingFile> files) throws IOException {
        for (PendingFile file : files) {
            Files.deleteIfExists(file.pendingPath(files()));
        }
    }

    /**
     * Makes the directories, and deletes the pending files that earlier attempts of this task, and of tasks that no longer
     * exist, left behind. Those of other jobs and operators are in other directories, those of a later attempt have a
     * greater number in their name.
     */
    @Override
    public void recover() throws IOException {
        Path pending = directory.resolve(names.pendingDirectory());
        try {
            Disk.makeDirectories(pending);
        } catch (IOException e) {
            throw new HoldfastException(
                    "HF-FIL-012",
                    "cannot use output directory " + directory + ": " + e
                            + ". Expected a directory that the job may write to, or a place where it may make one.",
                    e);
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(pending)) {
            for (Path file : files) {
                OutputNames.Owner owner = OutputNames.Owner.of(String.valueOf(file.getFileName()));
                if (owner != null && owner.attempt() < attempt && owner.task() % parallelism == index) {
                    Files.deleteIfExists(file);
                }
            }
        }
        recovered = true;
    }
}
