package dev.holdfast.connector.files;

import java.util.List;

/**
 * What of the input was not dealt out yet: the returned splits, then all from a place in the listing on. Its size does
 * not depend on the number of splits or rounds.
 *
 * @param listed whether the input was listed; if not, everything else is empty
 * @param files the listing, without empty files, in the order of reading
 * @param round the round that is being dealt out, from 0
 * @param file the file that is being dealt out, an index into {@code files}
 * @param startByte where the next split of that file starts
 * @param returned splits that were dealt out and came back
 */
public record FileCursor(
        boolean listed, List<InputFile> files, long round, int file, long startByte, List<FileSplit> returned) {

    static FileCursor unlisted() {
        return new FileCursor(false, List.of(), 0, 0, 0, List.of());
    }
}
