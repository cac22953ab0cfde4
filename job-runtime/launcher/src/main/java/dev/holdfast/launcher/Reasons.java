package dev.holdfast.launcher;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What an exception of the machine says, in words. */
final class Reasons {
    private Reasons() {}

    static String of(Throwable error) {
        return switch (error) {
            case NoSuchFileException e -> "there is no such file";
            case AccessDeniedException e -> "access is denied";
            case FileAlreadyExistsException e -> "'" + e.getFile() + "' is there already and is no directory";
            case NotDirectoryException e -> "it is no directory";
            default -> error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
        };
    }
}
