package dev.holdfast.storage.directory;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.ObjectKeys;
import dev.holdfast.engine.env.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** The files that have no name as an object yet, in a directory beside the objects whose own name no key can have. */
final class NewFiles {
    /** Keys never contain '#', so no listing shows this directory. */
    private static final String DIRECTORY = "#new";

    /** What a process left behind when it died is removed after this long; no write takes that long. */
    private static final long LEFT_OVER_AFTER_MS = 24 * 60 * 60 * 1000L;

    private static final int BUFFER_BYTES = 128 * 1024;

    private final Path directory;

    private NewFiles(Path directory) {
        this.directory = directory;
    }

    /** Makes the directory, checks that it can be written, and removes what dead processes left in it. */
    static NewFiles open(Path root) throws IOException {
        Path directory = root.resolve(DIRECTORY);
        Directories.create(directory);
        Path probe = Files.createFile(directory.resolve(UUID.randomUUID().toString()));
        // The age of a file is measured by the clock of its file system, which may be another machine's.
        long nowMs = Files.getLastModifiedTime(probe).toMillis();
        Files.delete(probe);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                try {
                    if (Files.getLastModifiedTime(file).toMillis() < nowMs - LEFT_OVER_AFTER_MS) {
                        Files.deleteIfExists(file);
                    }
                } catch (NoSuchFileException e) {
                    // Its writer is alive and done with it.
                }
            }
        }
        return new NewFiles(directory);
    }

    /** Writes a content and forces it to the disk. */
    NewFile write(String key, Content content) throws IOException {
        Path path = directory.resolve(UUID.randomUUID().toString());
        NewFile file = new NewFile(path);
        boolean written = false;
        try (InputStream in = open(key, content);
                FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ObjectKeys.checkSize(key, content, copy(key, in, Channels.newOutputStream(channel)));
            channel.force(true);
            written = true;
            return file;
        } finally {
            if (!written) {
                file.close();
            }
        }
    }

    private static InputStream open(String key, Content content) {
        try {
            return content.open();
        } catch (IOException e) {
            throw unreadable(key, e);
        }
    }

    private static long copy(String key, InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long copiedBytes = 0;
        while (true) {
            int read;
            try {
                read = in.read(buffer);
            } catch (IOException e) {
                throw unreadable(key, e);
            }
            if (read < 0) {
                return copiedBytes;
            }
            out.write(buffer, 0, read);
            copiedBytes += read;
        }
    }

    private static StoreException unreadable(String key, IOException e) {
        return new StoreException(
                StoreException.Kind.DISK,
                "cannot read the content for '" + key + "': " + DirectoryObjectStore.reason(e),
                e);
    }

    /** A file without a name as an object; closing removes this name of it. */
    record NewFile(Path path) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            Files.deleteIfExists(path);
        }
    }
}
