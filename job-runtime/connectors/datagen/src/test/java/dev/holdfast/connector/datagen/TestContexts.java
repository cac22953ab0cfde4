package dev.holdfast.connector.datagen;

import dev.holdfast.api.Metrics;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.connector.Background;
import dev.holdfast.api.connector.EnumeratorContext;
import dev.holdfast.api.connector.ReaderContext;
import dev.holdfast.api.connector.SinkContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.DoubleSupplier;

/** The engine's side of the connector contracts, driven by hand on one thread. */
final class TestContexts {
    private TestContexts() {}

    /** A task, with a clock that the test sets. */
    static final class Task implements ReaderContext, SinkContext {
        private final int index;
        private final int parallelism;
        final CountingMetrics metrics = new CountingMetrics();
        long nowNs;
        int requests;

        Task(int index, int parallelism) {
            this.index = index;
            this.parallelism = parallelism;
        }

        @Override
        public String jobName() {
            return "test";
        }

        @Override
        public String operatorName() {
            return "op";
        }

        @Override
        public int parallelism() {
            return parallelism;
        }

        @Override
        public int index() {
            return index;
        }

        @Override
        public Parameters parameters() {
            return Parameters.of(Map.of());
        }

        @Override
        public Metrics metrics() {
            return metrics;
        }

        @Override
        public String jobId() {
            return "job";
        }

        @Override
        public long attempt() {
            return 1;
        }

        @Override
        public void requestSplit() {
            requests++;
        }

        @Override
        public Background background() {
            throw new UnsupportedOperationException("nothing here blocks");
        }

        @Override
        public long nowNs() {
            return nowNs;
        }
    }

    /** Collects what an enumerator says. */
    static final class Coordinator implements EnumeratorContext<IndexRange> {
        record Assignment(int reader, IndexRange range) {}

        final List<Assignment> assignments = new ArrayList<>();
        final TreeSet<Integer> ended = new TreeSet<>();
        private final int parallelism;

        Coordinator(int parallelism) {
            this.parallelism = parallelism;
        }

        @Override
        public int parallelism() {
            return parallelism;
        }

        @Override
        public void assign(int reader, IndexRange range) {
            assignments.add(new Assignment(reader, range));
        }

        @Override
        public void noMoreSplits(int reader) {
            ended.add(reader);
        }

        @Override
        public Background background() {
            throw new UnsupportedOperationException("nothing here blocks");
        }

        @Override
        public void schedule(long delayMs, Background.Done<Void> action) {
            throw new UnsupportedOperationException("nothing here waits");
        }
    }

    /** Keeps counters by name. */
    static final class CountingMetrics implements Metrics {
        private final Map<String, Counter> counters = new HashMap<>();

        @Override
        public Counter counter(String name) {
            return counters.computeIfAbsent(name, n -> new Counter() {
                private long value;

                @Override
                public void add(long amount) {
                    value += amount;
                }

                @Override
                public long value() {
                    return value;
                }
            });
        }

        @Override
        public void gauge(String name, DoubleSupplier value) {
            throw new UnsupportedOperationException(name);
        }

        @Override
        public Histogram histogram(String name) {
            throw new UnsupportedOperationException(name);
        }
    }
}
