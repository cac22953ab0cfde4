package dev.holdfast.connector.files;

import java.nio.file.Path;

/**
 * A complete file that waits for its checkpoint's decision: all that is needed to make it visible from another machine.
 *
 * @param directory the sink's output directory, absolute
 * @param pending where the file is, below the directory
 * @param visible the name it gets, directly in the directory
 * @param crc32c CRC-32C of the content
 */
public record PendingFile(String directory, String pending, String visible, long sizeBytes, int crc32c) {

    Path pendingPath() {
        return Path.of(directory).resolve(pending);
    }

    Path visiblePath() {
        return Path.of(directory).resolve(visible);
    }
}
