package dev.holdfast.connector.files;

import dev.holdfast.api.connector.SourceReader;
import dev.holdfast.api.connector.SplitEnumerator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a job that consists of a source: its enumerator and readers, stepped in random order. A checkpoint takes
 * everything at one moment, with the messages that are under way delivered before, as aligned barriers do.
 */
final class SourceRun {
    /** What a checkpoint holds: the state, and the lines that were emitted before it, by the split they came from. */
    record Checkpoint(FileCursor enumerator, List<List<FileSplit>> readers, List<Read> lines) {}

    /** A line, and the place it was read from. */
    record Read(String position, String line) {}

    private final Random random;
    private final TestContexts.Enumerator<FileSplit> enumeratorContext;
    private final SplitEnumerator<FileSplit, FileCursor> enumerator;
    private final List<TestContexts.Operator> contexts = new ArrayList<>();
    private final List<SourceReader<String, FileSplit>> readers = new ArrayList<>();
    private final Map<Integer, Boolean> ended = new LinkedHashMap<>();
    private final List<Read> lines;

    SourceRun(TextFiles source, int parallelism, @Nullable Checkpoint restored, Random random) throws Exception {
        this.random = random;
        enumeratorContext = new TestContexts.Enumerator<>(parallelism);
        enumerator = source.enumerator(enumeratorContext, restored == null ? null : restored.enumerator());
        lines = restored == null ? new ArrayList<>() : new ArrayList<>(restored.lines());
        for (int i = 0; i < parallelism; i++) {
            TestContexts.Operator context = new TestContexts.Operator(i, parallelism);
            contexts.add(context);
            readers.add(source.reader(context));
            List<FileSplit> own = restored != null && i < restored.readers().size()
                    ? restored.readers().get(i)
                    : List.of();
            if (own.isEmpty()) {
                context.requests++;
            } else {
                readers.get(i).addSplits(own);
            }
        }
        if (restored != null) {
            for (int i = parallelism; i < restored.readers().size(); i++) {
                enumerator.splitsReturned(restored.readers().get(i));
            }
        }
        enumerator.start();
    }

    /** Does one random thing; false once all readers have ended. */
    boolean step() throws Exception {
        int i = random.nextInt(readers.size());
        TestContexts.Operator context = contexts.get(i);
        switch (random.nextInt(6)) {
            case 0 -> enumeratorContext.background.runCall();
            case 1 -> enumeratorContext.background.deliver();
            case 2 -> context.background.runCall();
            case 3 -> context.background.deliver();
            case 4 -> exchange();
            default -> read(i);
        }
        return ended.size() < readers.size();
    }

    private void read(int i) throws Exception {
        if (ended.containsKey(i)) {
            return;
        }
        SourceReader<String, FileSplit> reader = readers.get(i);
        int max = 1 + random.nextInt(20);
        int before = lines.size();
        SourceReader.Status status = reader.read(line -> lines.add(new Read(reader.position(), line)), max);
        int count = lines.size() - before;
        if (count > max) {
            throw new AssertionError("emitted " + count + " lines, at most " + max + " were wanted");
        }
        if (status == SourceReader.Status.END) {
            ended.put(i, true);
        }
    }

    /** Carries requests to the enumerator and its answers to the readers. */
    private void exchange() throws Exception {
        for (int i = 0; i < readers.size(); i++) {
            TestContexts.Operator context = contexts.get(i);
            if (context.requests > 1) {
                throw new AssertionError("reader " + i + " has " + context.requests + " requests under way");
            }
            if (context.requests == 1) {
                context.requests = 0;
                enumerator.splitRequested(i);
            }
        }
        deliver();
    }

    private void deliver() throws Exception {
        for (TestContexts.Enumerator.Assignment<FileSplit> each : enumeratorContext.assignments) {
            readers.get(each.reader()).addSplits(List.of(each.split()));
        }
        enumeratorContext.assignments.clear();
        for (int reader : enumeratorContext.ended) {
            readers.get(reader).noMoreSplits();
        }
        enumeratorContext.ended.clear();
    }

    Checkpoint checkpoint(long id) throws Exception {
        FileCursor cursor = enumerator.snapshot(id);
        deliver();
        List<List<FileSplit>> splits = new ArrayList<>();
        for (SourceReader<String, FileSplit> reader : readers) {
            splits.add(reader.snapshot(id));
        }
        return new Checkpoint(cursor, splits, List.copyOf(lines));
    }

    void close() throws Exception {
        for (SourceReader<String, FileSplit> reader : readers) {
            reader.close();
        }
        enumerator.close();
    }

    List<Read> lines() {
        return lines;
    }

    int mostCallsOfAReader() {
        return contexts.stream().mapToInt(c -> c.background.mostCalls).max().orElse(0);
    }
}
