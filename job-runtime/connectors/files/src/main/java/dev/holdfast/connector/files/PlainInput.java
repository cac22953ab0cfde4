package dev.holdfast.connector.files;

import dev.holdfast.api.UnrecoverableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads a plain file, opening it for every chunk: that costs little beside the chunk, and nothing is left open when a task
 * ends in the middle of a read. Every chunk is read from a file that is still as it was listed.
 */
record PlainInput(Path input, InputFile file) implements SplitInput {

    @Override
    public Chunk read(long offset, int length, byte[] into) throws IOException {
        file.check(input);
        int wanted = (int) Math.min(length, file.sizeBytes() - offset);
        ByteBuffer buffer = ByteBuffer.wrap(into, 0, wanted);
        try (FileChannel channel = FileChannel.open(file.path(input), StandardOpenOption.READ)) {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, offset + buffer.position()) < 0) {
                    throw new UnrecoverableException(
                            "HF-FIL-004",
                            "input file " + file.path(input) + " was cut while it was read: found its end at byte "
                                    + (offset + buffer.position()) + ", expected " + file.sizeBytes()
                                    + " bytes. Put the"
                                    + " old file back, or start the job anew without its checkpoint.");
                }
            }
        }
        return new Chunk(into, wanted, offset, offset + wanted == file.sizeBytes());
    }

    @Override
    public void close() {}
}
