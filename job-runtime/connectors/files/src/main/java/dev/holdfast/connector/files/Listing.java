package dev.holdfast.connector.files;

import dev.holdfast.api.UnrecoverableException;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;

/** Finds the files of an input. Blocks: only for background calls. */
record Listing(Path input, boolean recursive) {

    /** All files but empty ones, sorted by path; links are followed, names that begin with a dot are left out. */
    List<InputFile> list() throws IOException {
        BasicFileAttributes found = look();
        List<InputFile> files = new ArrayList<>();
        if (found.isRegularFile()) {
            add(input, found, files);
            return files;
        }
        if (!found.isDirectory()) {
            throw new UnrecoverableException(
                    "HF-FIL-002",
                    "input path " + input.toAbsolutePath() + " is neither a file nor a directory; pipes and devices"
                            + " have no positions to come back to. Give a file or a directory.");
        }
        int directories = walk(files);
        if (files.isEmpty() && directories > 0 && !recursive) {
            throw new UnrecoverableException(
                    "HF-FIL-002",
                    "input directory " + input.toAbsolutePath() + " holds no text, only " + directories
                            + " directories. Use recursive() to read the files below them.");
        }
        files.sort(Comparator.comparing(InputFile::file));
        return files;
    }

    /** Only a path that is certainly not there is missing; another error of the file system may pass. */
    private BasicFileAttributes look() throws IOException {
        try {
            return Files.readAttributes(input, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            throw new UnrecoverableException(
                    "HF-FIL-001",
                    "input path " + input.toAbsolutePath() + " does not exist; expected a file or a directory."
                            + " Check the path, and that every machine of the job sees it.",
                    e);
        }
    }

    /** Throws for the first file that is not as it was listed. */
    void check(List<InputFile> files) throws IOException {
        for (InputFile file : files) {
            file.check(input);
        }
    }

    private int walk(List<InputFile> files) throws IOException {
        int[] directories = {0};
        Files.walkFileTree(
                input,
                EnumSet.of(FileVisitOption.FOLLOW_LINKS),
                recursive ? Integer.MAX_VALUE : 1,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                        return hidden(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (!hidden(file)) {
                            if (attributes.isDirectory()) {
                                directories[0]++;
                            } else if (attributes.isRegularFile()) {
                                add(file, attributes, files);
                            }
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return directories[0];
    }

    private boolean hidden(Path path) {
        return !path.equals(input) && String.valueOf(path.getFileName()).startsWith(".");
    }

    private void add(Path file, BasicFileAttributes attributes, List<InputFile> files) {
        if (attributes.size() > 0) {
            String name = file.equals(input) ? "" : input.relativize(file).toString();
            files.add(new InputFile(
                    name, attributes.size(), attributes.lastModifiedTime().toMillis()));
        }
    }
}
