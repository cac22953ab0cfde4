package dev.holdfast.connector.files;

import dev.holdfast.api.connector.TransactionalSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One attempt of a job that consists of a sink, in the order of the contract: commit what was restored, recover, write. */
final class SinkRun {
    private final List<TransactionalSink.Writer<String, PendingFile>> writers = new ArrayList<>();
    private final List<TransactionalSink.Committer<PendingFile>> committers = new ArrayList<>();

    SinkRun(ExactlyOnceFiles<String> sink, String jobId, int parallelism, long attempt, List<PendingFile> restored)
            throws Exception {
        for (int i = 0; i < parallelism; i++) {
            committers.add(sink.committer(new TestContexts.Operator("out", jobId, i, parallelism, attempt)));
        }
        // Whoever the engine gives them to: here by their place in the list.
        for (int i = 0; i < restored.size(); i++) {
            committers.get(i % parallelism).commit(List.of(restored.get(i)));
        }
        for (TransactionalSink.Committer<PendingFile> committer : committers) {
            committer.recover();
        }
        for (int i = 0; i < parallelism; i++) {
            writers.add(sink.writer(new TestContexts.Operator("out", jobId, i, parallelism, attempt)));
        }
    }

    void write(int task, String line) throws Exception {
        writers.get(task).write(line);
    }

    List<PendingFile> prepare(long checkpointId) throws Exception {
        List<PendingFile> files = new ArrayList<>();
        for (TransactionalSink.Writer<String, PendingFile> writer : writers) {
            files.addAll(writer.prepare(checkpointId).call());
        }
        return files;
    }

    void commit(List<PendingFile> files) throws Exception {
        committers.getFirst().commit(files);
    }

    void abort(List<PendingFile> files) throws Exception {
        committers.getFirst().abort(files);
    }

    TransactionalSink.Writer<String, PendingFile> writer(int task) {
        return writers.get(task);
    }

    void close() throws Exception {
        for (TransactionalSink.Writer<String, PendingFile> writer : writers) {
            writer.close();
        }
    }

    /** Names of the visible files, sorted. */
    static List<String> visible(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    /** Lines of the visible files, in the order of their names. */
    static List<String> lines(Path directory) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String name : visible(directory)) {
            lines.addAll(Files.readAllLines(directory.resolve(name)));
        }
        return lines;
    }

    /** Files below the directory of pending ones, sorted. */
    static List<String> pending(Path directory) throws IOException {
        Path pending = directory.resolve(".pending");
        try (Stream<Path> files = Files.walk(pending)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> pending.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
