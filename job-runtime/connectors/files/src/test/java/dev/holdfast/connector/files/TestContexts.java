package dev.holdfast.connector.files;

import dev.holdfast.api.Metrics;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.connector.Background;
import dev.holdfast.api.connector.EnumeratorContext;
import dev.holdfast.api.connector.ReaderContext;
import dev.holdfast.api.connector.SinkContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.DoubleSupplier;

/** The engine's side of the connector contracts, driven by hand on one thread. */
final class TestContexts {
    private TestContexts() {}

    /** Runs calls when the test says so: first the call itself, later its result. */
    static final class HandRunBackground implements Background {
        private final ArrayDeque<Step> waiting = new ArrayDeque<>();
        private final ArrayDeque<Step> results = new ArrayDeque<>();
        int mostCalls;
        int calls;

        private interface Step {
            void run() throws Exception;
        }

        @Override
        public <R> void run(String what, Callable<R> call, Done<? super R> done) {
            calls++;
            waiting.add(() -> {
                R result = call.call();
                results.add(() -> done.accept(result));
            });
            mostCalls = Math.max(mostCalls, waiting.size() + results.size());
        }

        boolean runCall() throws Exception {
            return step(waiting);
        }

        boolean deliver() throws Exception {
            return step(results);
        }

        void runAll() throws Exception {
            while (runCall() || deliver()) {
                // Each step may start further calls.
            }
        }

        private static boolean step(ArrayDeque<Step> steps) throws Exception {
            Step step = steps.poll();
            if (step == null) {
                return false;
            }
            step.run();
            return true;
        }
    }

    /** What all operators know. */
    static class Operator implements SinkContext, ReaderContext {
        final HandRunBackground background = new HandRunBackground();
        private final int index;
        private final int parallelism;
        private final String operator;
        private final String jobId;
        private final long attempt;
        int requests;

        Operator(int index, int parallelism) {
            this("op", "job", index, parallelism, 1);
        }

        Operator(String operator, String jobId, int index, int parallelism, long attempt) {
            this.operator = operator;
            this.jobId = jobId;
            this.index = index;
            this.parallelism = parallelism;
            this.attempt = attempt;
        }

        @Override
        public String jobName() {
            return "test";
        }

        @Override
        public String operatorName() {
            return operator;
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
            return new NoMetrics();
        }

        @Override
        public String jobId() {
            return jobId;
        }

        @Override
        public long attempt() {
            return attempt;
        }

        @Override
        public void requestSplit() {
            requests++;
        }

        @Override
        public Background background() {
            return background;
        }

        @Override
        public long nowNs() {
            return 0;
        }
    }

    /** Collects what an enumerator says. */
    static final class Enumerator<S> implements EnumeratorContext<S> {
        record Assignment<S>(int reader, S split) {}

        final HandRunBackground background = new HandRunBackground();
        final List<Assignment<S>> assignments = new ArrayList<>();
        final TreeSet<Integer> ended = new TreeSet<>();
        private final int parallelism;

        Enumerator(int parallelism) {
            this.parallelism = parallelism;
        }

        @Override
        public int parallelism() {
            return parallelism;
        }

        @Override
        public void assign(int reader, S split) {
            assignments.add(new Assignment<>(reader, split));
        }

        @Override
        public void noMoreSplits(int reader) {
            ended.add(reader);
        }

        @Override
        public Background background() {
            return background;
        }

        @Override
        public void schedule(long delayMs, Background.Done<Void> action) {
            throw new UnsupportedOperationException("not used by these connectors");
        }
    }

    private static final class NoMetrics implements Metrics {
        @Override
        public Counter counter(String name) {
            throw new UnsupportedOperationException(name);
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
