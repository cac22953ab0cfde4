package dev.holdfast.connector.files;

import java.nio.file.FileSystem;
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

    Path directoryIn(FileSystem files) {
        return files.getPath(directory);
    }

    Path pendingPath(FileSystem files) {
        return directoryIn(files).resolve(pending);
    }

    Path visiblePath(FileSystem files) {
        return directoryIn(files).resolve(visible);
    }
}
