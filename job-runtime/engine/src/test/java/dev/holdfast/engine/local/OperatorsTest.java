package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.AggregateFunction;
import dev.holdfast.api.Emitter;
import dev.holdfast.api.Metrics;
import dev.holdfast.api.OperatorContext;
import dev.holdfast.api.Output;
import dev.holdfast.api.Process;
import dev.holdfast.api.ReduceFunction;
import dev.holdfast.api.SideOutput;
import dev.holdfast.api.Stream;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.connector.AtLeastOnceSink;
import dev.holdfast.api.connector.IdempotentSink;
import dev.holdfast.api.connector.SinkContext;
import dev.holdfast.api.connector.TwoPhaseCommitSink;
import dev.holdfast.api.type.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every operator of the API in a whole job. */
class OperatorsTest {
    private static final long RECORDS = 1_500;

    private final LedgerSink.Ledger<Long> ledger = new LedgerSink.Ledger<>();
    private final JobSetup setup = JobSetup.of(6).checkpoints(JobSetup.every(30));

    @AfterEach
    void end() {
        setup.world().end();
    }

    @Test
    void mapFlatMapAndFilter() {
        run((graph, parameters) -> graph.source("numbers", numbers())
                .map(Long.class, n -> n * 2)
                .flatMap(Long.class, (Long n, Output<Long> out) -> {
                    out.emit(n);
                    out.emit(n + 1);
                })
                .filter(n -> n % 3 == 0)
                .sink("out", new LedgerSink<>(ledger)));

        assertThat(sorted())
                .isEqualTo(LongStream.range(0, 2 * RECORDS)
                        .filter(n -> n % 3 == 0)
                        .boxed()
                        .toList());
    }

    @Test
    void unionGivesTheRecordsOfBothAlsoOfOneStreamTwice() {
        run((graph, parameters) -> {
            Stream<Long> numbers = graph.source("numbers", numbers());
            Stream<Long> others = graph.source("others", numbers()).parallelism(1);
            numbers.union(others.map(Long.class, n -> n + RECORDS))
                    .union(numbers)
                    .sink("out", new LedgerSink<>(ledger));
        });

        assertThat(sorted())
                .isEqualTo(LongStream.concat(LongStream.range(0, RECORDS), LongStream.range(0, 2 * RECORDS))
                        .sorted()
                        .boxed()
                        .toList());
    }

    @Test
    void rebalanceReachesEveryTaskWhateverTheParallelism() {
        Map<Integer, Long> seen = new TreeMap<>();
        run((graph, parameters) -> graph.source("numbers", numbers())
                .parallelism(1)
                .rebalance()
                .process("spread", Long.class, states -> new Process<Long, Long>() {
                    private int index;

                    @Override
                    public void open(OperatorContext context) {
                        index = context.index();
                        assertThat(context.parallelism()).isEqualTo(5);
                        assertThat(context.operatorName()).isEqualTo("spread");
                        assertThat(context.jobName()).isEqualTo("a");
                    }

                    @Override
                    public void process(Long value, Emitter emitter, Output<Long> out) {
                        seen.merge(index, 1L, Long::sum);
                        out.emit(value);
                    }
                })
                .parallelism(5)
                .sink("out", new LedgerSink<>(ledger)));

        assertThat(seen).containsOnlyKeys(0, 1, 2, 3, 4);
        assertThat(sorted()).isEqualTo(LongStream.range(0, RECORDS).boxed().toList());
    }

    @Test
    void sideOutputsGetTheirOwnValuesAndWhatNobodyReadsIsDropped() {
        SideOutput<String> odd = SideOutput.of("odd", String.class);
        SideOutput<Long> unread = SideOutput.of("unread", Long.class);
        LedgerSink.Ledger<String> odds = new LedgerSink.Ledger<>();
        SimulatedJob job = run((graph, parameters) -> {
            Stream<Long> even = graph.source("numbers", numbers())
                    .process("split", Long.class, states -> (Long n, Emitter emitter, Output<Long> out) -> {
                        emitter.emit(unread, n);
                        if (n % 2 == 0) {
                            out.emit(n);
                        } else {
                            emitter.emit(odd, "n" + n);
                        }
                    });
            even.sink("even", new LedgerSink<>(ledger));
            even.sideOutput(odd).sink("odd", new LedgerSink<>(odds));
        });

        assertThat(sorted())
                .isEqualTo(LongStream.range(0, RECORDS)
                        .filter(n -> n % 2 == 0)
                        .boxed()
                        .toList());
        assertThat(odds.visible()).hasSize((int) RECORDS / 2).allMatch(text -> text.startsWith("n"));
        assertThat(job.job().metrics().sum("side_output_dropped")).isEqualTo(RECORDS);
    }

    @Test
    void reduceAndAggregateEmitEveryStep() {
        LedgerSink.Ledger<String> texts = new LedgerSink.Ledger<>();
        run((graph, parameters) -> {
            Stream<Long> numbers = graph.source("numbers", numbers()).parallelism(1);
            numbers.keyBy(Long.class, n -> n % 3)
                    .reduce("greatest", (a, b) -> Math.max(a, b))
                    .sink("reduced", new LedgerSink<>(ledger));
            numbers.keyBy(Long.class, n -> n % 3)
                    .aggregate("count", Integer.class, String.class, new Counting())
                    .sink("aggregated", new LedgerSink<>(texts));
        });

        assertThat(sorted()).isEqualTo(LongStream.range(0, RECORDS).boxed().toList());
        assertThat(texts.visible())
                .hasSize((int) RECORDS)
                .contains("c1", "c500")
                .doesNotContain("c501");
    }

    @Test
    void theFunctionsOfReduceAndAggregateHaveTheWholeLifeCycle() {
        List<String> calls = new ArrayList<>();
        run((graph, parameters) -> {
            Stream<Long> numbers = graph.source("numbers", numbers()).parallelism(1);
            numbers.keyBy(Long.class, n -> n % 3)
                    .reduce("reduced", new LifecycleReduce(calls))
                    .parallelism(1)
                    .sink("out", new LedgerSink<>(ledger));
        });

        assertOrder(calls);
    }

    @Test
    void lifecycleHooksComeInOrderAndOnce() {
        List<String> calls = new ArrayList<>();
        run((graph, parameters) -> graph.source("numbers", numbers())
                .process("watched", Long.class, states -> new WatchedProcess(calls))
                .parallelism(1)
                .sink("out", new LedgerSink<>(ledger)));

        assertOrder(calls);
        assertThat(calls.stream().filter(call -> call.equals("record")).count()).isEqualTo(RECORDS);
    }

    private static void assertOrder(List<String> calls) {
        assertThat(calls.getFirst()).isEqualTo("open");
        assertThat(calls.getLast()).isEqualTo("close");
        assertThat(calls.stream()
                        .filter(List.of("open", "finish", "close")::contains)
                        .toList())
                .containsExactly("open", "finish", "close");
        List<String> before =
                calls.stream().filter(call -> call.startsWith("before")).toList();
        assertThat(before).hasSizeGreaterThan(3).doesNotHaveDuplicates();
        for (String call : before) {
            String completed = call.replace("before", "completed");
            assertThat(calls.indexOf(completed)).as(completed).isGreaterThan(calls.indexOf(call));
            assertThat(calls.stream().filter(completed::equals).count()).isEqualTo(1);
        }
        // The final checkpoint comes behind the end of input.
        assertThat(calls.indexOf("finish")).isLessThan(calls.indexOf(before.getLast()));
        assertThat(calls.subList(calls.indexOf("finish"), calls.size())).doesNotContain("record");
    }

    @Test
    void whatWasOpenedIsClosedAlsoWhenOpeningFailed() {
        List<String> calls = new ArrayList<>();
        boolean[] failed = new boolean[1];
        run((graph, parameters) -> graph.source("numbers", numbers())
                .process("watched", Long.class, states -> new WatchedProcess(calls) {
                    @Override
                    public void open(OperatorContext context) {
                        super.open(context);
                        if (!failed[0]) {
                            failed[0] = true;
                            throw new IllegalStateException("planned");
                        }
                    }
                })
                .parallelism(1)
                .sink("out", new LedgerSink<>(ledger)));

        assertThat(calls.subList(0, 3)).containsExactly("open", "close", "open");
        assertThat(calls.getLast()).isEqualTo("close");
    }

    @Test
    void metricsOfUserCodeAreThere() {
        SimulatedJob job = run((graph, parameters) -> graph.source("numbers", numbers())
                .process("measured", Long.class, states -> new Process<Long, Long>() {
                    private Metrics metrics;

                    @Override
                    public void open(OperatorContext context) {
                        metrics = context.metrics();
                        metrics.gauge("index", context::index);
                    }

                    @Override
                    public void process(Long value, Emitter emitter, Output<Long> out) {
                        metrics.counter("seen").increment();
                        metrics.histogram("size").record(value);
                        out.emit(value);
                    }
                })
                .sink("out", new LedgerSink<>(ledger)));

        assertThat(job.job().metrics().sum("seen")).isEqualTo(RECORDS);
        assertThat(job.job().metrics().sum("size_count")).isEqualTo(RECORDS);
        assertThat(job.job().metrics().sum("index")).isEqualTo(1);
    }

    @Test
    void idempotentAndAtLeastOnceSinksHaveWrittenAllBeforeTheCheckpointCounts() {
        Map<Long, Long> shelf = new HashMap<>();
        List<Long> log = new ArrayList<>();
        StreamProgram program = (graph, parameters) -> {
            Stream<Long> numbers = graph.source("numbers", numbers());
            numbers.sink("shelf", new ShelfSink(shelf));
            numbers.sink("log", new LogSink(log));
        };
        SimulatedJob job = setup.start("a", () -> program);
        setup.runToCheckpoint(job, 3);
        job.process().kill();
        setup.finish(setup.parallelism(3).start("b", () -> program));

        assertThat(shelf)
                .hasSize((int) RECORDS)
                .allSatisfy((key, value) -> assertThat(value).isEqualTo(key));
        assertThat(log).contains(LongStream.range(0, RECORDS).boxed().toArray(Long[]::new));
    }

    @Test
    void twoPhaseCommitSinkShowsEachRecordOnceOverAKill() {
        Map<String, List<Long>> transactions = new TreeMap<>();
        Map<String, String> states = new TreeMap<>();
        StreamProgram program = (graph, parameters) ->
                graph.source("numbers", numbers()).sink("out", new StringTransactions(transactions, states));
        SimulatedJob job = setup.start("a", () -> program);
        setup.runToCheckpoint(job, 3);
        job.process().kill();
        setup.finish(setup.parallelism(3).start("b", () -> program));

        assertThat(states.values()).containsOnly("committed", "aborted");
        assertThat(transactions.entrySet().stream()
                        .filter(transaction -> "committed".equals(states.get(transaction.getKey())))
                        .flatMap(transaction -> transaction.getValue().stream())
                        .sorted()
                        .toList())
                .isEqualTo(LongStream.range(0, RECORDS).boxed().toList());
    }

    private SimulatedJob run(StreamProgram program) {
        SimulatedJob job = setup.start("a", () -> program);
        setup.finish(job);
        return job;
    }

    private List<Long> sorted() {
        return ledger.visible().stream().sorted().toList();
    }

    private static NumberSource<Long> numbers() {
        return new NumberSource<>(Type.of(Long.class), RECORDS, 50, n -> n, 1_000_000);
    }

    private static final class Counting implements AggregateFunction<Long, Integer, String> {
        @Override
        public Integer empty() {
            return 0;
        }

        @Override
        public Integer add(Integer accumulator, Long value) {
            return accumulator + 1;
        }

        @Override
        public String result(Integer accumulator) {
            return "c" + accumulator;
        }
    }

    private static class WatchedProcess implements Process<Long, Long> {
        private final List<String> calls;

        WatchedProcess(List<String> calls) {
            this.calls = calls;
        }

        @Override
        public void open(OperatorContext context) {
            calls.add("open");
        }

        @Override
        public void process(Long value, Emitter emitter, Output<Long> out) {
            calls.add("record");
            out.emit(value);
        }

        @Override
        public void beforeCheckpoint(long checkpointId) {
            calls.add("before" + checkpointId);
        }

        @Override
        public void checkpointCompleted(long checkpointId) {
            calls.add("completed" + checkpointId);
        }

        @Override
        public void finish() {
            calls.add("finish");
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    private record LifecycleReduce(List<String> calls) implements ReduceFunction<Long> {
        @Override
        public Long reduce(Long a, Long b) {
            return a + b;
        }

        @Override
        public void open(OperatorContext context) {
            calls.add("open");
        }

        @Override
        public void beforeCheckpoint(long checkpointId) {
            calls.add("before" + checkpointId);
        }

        @Override
        public void checkpointCompleted(long checkpointId) {
            calls.add("completed" + checkpointId);
        }

        @Override
        public void finish() {
            calls.add("finish");
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    /** Holds what was taken until it is flushed. */
    private record ShelfSink(Map<Long, Long> shelf) implements IdempotentSink<Long, Long> {
        @Override
        public Long key(Long record) {
            return record;
        }

        @Override
        public Writer<Long, Long> writer(SinkContext context) {
            Map<Long, Long> open = new HashMap<>();
            return new Writer<>() {
                @Override
                public void upsert(Long key, Long record) {
                    open.put(key, record);
                }

                @Override
                public void flush() {
                    shelf.putAll(open);
                    open.clear();
                }
            };
        }
    }

    private record LogSink(List<Long> log) implements AtLeastOnceSink<Long> {
        @Override
        public Writer<Long> writer(SinkContext context) {
            List<Long> open = new ArrayList<>();
            return new Writer<>() {
                @Override
                public void write(Long record) {
                    open.add(record);
                }

                @Override
                public void flush() {
                    log.addAll(open);
                    open.clear();
                }
            };
        }
    }

    private static final class StringTransactions extends TwoPhaseCommitSink<Long, String> {
        private final Map<String, List<Long>> transactions;
        private final Map<String, String> states;

        StringTransactions(Map<String, List<Long>> transactions, Map<String, String> states) {
            super(Type.of(String.class));
            this.transactions = transactions;
            this.states = states;
        }

        @Override
        protected String begin(SinkContext context) {
            String name = String.format("%020d-%d-%d", context.attempt(), context.index(), transactions.size());
            transactions.put(name, new ArrayList<>());
            states.put(name, "open");
            return name;
        }

        @Override
        protected void invoke(String transaction, Long record) {
            assertThat(states).containsEntry(transaction, "open");
            transactions.get(transaction).add(record);
        }

        @Override
        protected void preCommit(String transaction) {
            assertThat(states.put(transaction, "prepared")).isEqualTo("open");
        }

        @Override
        protected void commit(String transaction) {
            assertThat(states.put(transaction, "committed")).isIn("prepared", "committed");
        }

        @Override
        protected void abort(String transaction) {
            states.put(transaction, "aborted");
        }

        @Override
        protected void recover(SinkContext context) {
            states.forEach((name, state) -> {
                if (Long.parseLong(name.substring(0, 20)) < context.attempt() && !state.equals("committed")) {
                    states.put(name, "aborted");
                }
            });
        }
    }
}
