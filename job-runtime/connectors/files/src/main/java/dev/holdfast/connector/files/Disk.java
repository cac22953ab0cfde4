package dev.holdfast.connector.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.zip.CRC32C;

/** What the sink asks of a POSIX file system. All of it blocks. */
final class Disk {
    private static final int BUFFER_BYTES = 256 << 10;

    private Disk() {}

    /**
     * Forces a file's content, or a directory's entries, to disk. A new or renamed file survives a crash of the machine only
     * after both (Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014).
     */
    static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Makes a directory and those above it, each durable. */
    static void makeDirectories(Path directory) throws IOException {
        ArrayDeque<Path> missing = new ArrayDeque<>();
        for (Path at = directory; at != null && !Files.exists(at); at = at.getParent()) {
            missing.push(at);
        }
        // Also where nothing is missing: names the file that is in the place of a directory.
        Files.createDirectories(directory);
        for (Path made : missing) {
            Path parent = made.getParent();
            if (parent != null) {
                force(parent);
            }
        }
    }

    static int crc32c(Path file) throws IOException {
        CRC32C crc = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer) >= 0) {
                crc.update(buffer.flip());
                buffer.clear();
            }
        }
        return (int) crc.getValue();
    }
}
