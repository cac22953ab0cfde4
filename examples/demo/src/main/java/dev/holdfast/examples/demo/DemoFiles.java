package dev.holdfast.examples.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Everything that the demo writes, below one temporary directory. */
record DemoFiles(Path root) {

    static DemoFiles create() throws IOException {
        DemoFiles files = new DemoFiles(Files.createTempDirectory("holdfast-demo-"));
        Files.createDirectories(files.bucket());
        Files.createDirectories(files.output());
        Files.writeString(files.token(), UUID.randomUUID() + "\n");
        return files;
    }

    /** Behind the S3 server. */
    Path bucket() {
        return root.resolve("bucket");
    }

    /** What the job commits: its reader's world, not its own memory. */
    Path output() {
        return root.resolve("output");
    }

    Path serverLog() {
        return root.resolve("s3-server.log");
    }

    /** Of all processes that had a name, one after the other. */
    Path log(String process) {
        return root.resolve(process + ".log");
    }

    /** The secret that the job's processes share. */
    Path token() {
        return root.resolve("token");
    }

    /** Files that readers of the output see. */
    long committedFiles() throws IOException {
        try (Stream<Path> files = Files.list(output())) {
            return files.filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
                    .count();
        }
    }

    /** Bytes of all files in the bucket. */
    long bucketBytes() throws IOException {
        try (Stream<Path> files = Files.walk(bucket())) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(DemoFiles::sizeBytes)
                    .sum();
        }
    }

    private static long sizeBytes(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a directory with all that is in it. */
    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> files = Files.walk(directory)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.deleteIfExists(file);
        }
    }
}
