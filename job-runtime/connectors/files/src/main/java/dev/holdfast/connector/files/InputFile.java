package dev.holdfast.connector.files;

import dev.holdfast.api.UnrecoverableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;

/**
 * A file of the input as it was when it was listed.
 *
 * @param file path below the source's input, with {@code /}; empty if the input is the file itself
 * @param modifiedMs time of modification, milliseconds since 1970
 */
public record InputFile(String file, long sizeBytes, long modifiedMs) {

    boolean gzip(Path input) {
        return path(input).toString().endsWith(".gz");
    }

    Path path(Path input) {
        return file.isEmpty() ? input : input.resolve(file);
    }

    /** Throws if the file is gone or is not the one that was listed. */
    void check(Path input) throws IOException {
        Path path = path(input);
        BasicFileAttributes found;
        try {
            found = Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            throw new UnrecoverableException(
                    "HF-FIL-003",
                    "input file " + path + " is gone; expected it with " + describe(sizeBytes, modifiedMs)
                            + " as listed when the job first started. Put it back, or start the job anew without its checkpoint.",
                    e);
        }
        long foundMs = found.lastModifiedTime().toMillis();
        if (found.size() != sizeBytes || foundMs != modifiedMs) {
            throw new UnrecoverableException(
                    "HF-FIL-004",
                    "input file " + path + " has changed since it was listed when the job first started: found "
                            + describe(found.size(), foundMs) + ", expected " + describe(sizeBytes, modifiedMs)
                            + ". Positions in it no longer mean the same lines. Put the old file back (with its time of"
                            + " modification), or start the job anew without its checkpoint.");
        }
    }

    private static String describe(long sizeBytes, long modifiedMs) {
        return sizeBytes + " bytes, modified " + Instant.ofEpochMilli(modifiedMs);
    }
}
