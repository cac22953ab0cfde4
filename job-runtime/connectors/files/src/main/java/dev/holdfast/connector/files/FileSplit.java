package dev.holdfast.connector.files;

/**
 * A range of a file, with the position reached in it: the lines whose first byte lies in it.
 *
 * @param file path below the source's input, with {@code /}; empty if the input is the file itself
 * @param gzip whether the file is packed; start, end and next then count unpacked bytes
 * @param sizeBytes size of the file when it was listed
 * @param modifiedMs the file's time of modification when it was listed, milliseconds since 1970
 * @param round which reading of the whole input this is, from 0
 * @param startByte first byte of the range
 * @param endByte first byte after the range; {@link Long#MAX_VALUE} for gzip, whose length is not known
 * @param nextByte first byte that was not read; at the start of a range the line before may reach into it, anywhere
 *     else it is the first byte of a line
 */
public record FileSplit(
        String file,
        boolean gzip,
        long sizeBytes,
        long modifiedMs,
        long round,
        long startByte,
        long endByte,
        long nextByte) {

    public FileSplit {
        if (startByte < 0 || nextByte < startByte || endByte <= startByte || round < 0) {
            throw new IllegalArgumentException("not a split of '" + file + "': start " + startByte + ", next "
                    + nextByte + ", end " + endByte + ", round " + round);
        }
    }

    FileSplit at(long newNextByte) {
        return new FileSplit(file, gzip, sizeBytes, modifiedMs, round, startByte, endByte, newNextByte);
    }

    InputFile inputFile() {
        return new InputFile(file, sizeBytes, modifiedMs);
    }
}
