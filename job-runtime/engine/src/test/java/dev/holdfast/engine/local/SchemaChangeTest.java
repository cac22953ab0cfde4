package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.Emitter;
import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.Output;
import dev.holdfast.api.Process;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.state.OperatorListState;
import dev.holdfast.api.type.Default;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.coordinator.JobStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A job that goes on with a changed program. */
class SchemaChangeTest {
    private static final long RECORDS = 2_000;
    private static final long KEYS = 11;

    private final LedgerSink.Ledger<Row> ledger = new LedgerSink.Ledger<>();
    private final JobSetup setup = JobSetup.of(9).checkpoints(JobSetup.every(20));

    public record Row(long key, long count) {}

    /** The types of the first version of the program. */
    static final class First {
        public record Amount(long total) {}

        public record Small(int total) {}

        public enum Color {
            RED
        }

        public record Painted(Color color, long total) {}
    }

    /** Those of the second. */
    static final class Second {
        public record Amount(long total, @Default("7") int extra) {}

        public record Small(long total) {}

        public enum Color {
            RED,
            BLUE
        }

        public record Painted(Color color, long total) {}
    }

    static final class Wrong {
        public record Amount(String total) {}
    }

    @AfterEach
    void end() {
        setup.world().end();
    }

    @Test
    void aFieldWithADefaultIsAdded() {
        List<Integer> extras = new ArrayList<>();
        goesOn(
                summing(
                        First.Amount.class,
                        new First.Amount(0),
                        (a, n) -> new First.Amount(a.total() + 1),
                        First.Amount::total),
                summing(
                        Second.Amount.class,
                        new Second.Amount(0, 7),
                        (a, n) -> {
                            extras.add(a.extra());
                            return new Second.Amount(a.total() + 1, a.extra());
                        },
                        Second.Amount::total));

        assertThat(extras).isNotEmpty().containsOnly(7);
    }

    @Test
    void aFieldIsWidened() {
        goesOn(
                summing(
                        First.Small.class,
                        new First.Small(0),
                        (a, n) -> new First.Small(a.total() + 1),
                        First.Small::total),
                summing(
                        Second.Small.class,
                        new Second.Small(0),
                        (a, n) -> new Second.Small(a.total() + 1),
                        Second.Small::total));
    }

    @Test
    void anEnumConstantIsAdded() {
        goesOn(
                summing(
                        First.Painted.class,
                        new First.Painted(First.Color.RED, 0),
                        (a, n) -> new First.Painted(a.color(), a.total() + 1),
                        First.Painted::total),
                summing(
                        Second.Painted.class,
                        new Second.Painted(Second.Color.RED, 0),
                        (a, n) -> new Second.Painted(n % 2 == 0 ? Second.Color.BLUE : a.color(), a.total() + 1),
                        Second.Painted::total));
    }

    @Test
    void anIncompatibleFieldIsRefusedBeforeAnythingRuns() {
        JobStatus refused = refuses(
                summing(
                        Wrong.Amount.class,
                        new Wrong.Amount("0"),
                        (a, n) -> new Wrong.Amount(Long.toString(Long.parseLong(a.total()) + 1)),
                        a -> Long.parseLong(a.total())),
                setup);

        assertThat(refused.message())
                .contains("HF-STA-011", "operator 'sum'", "state 'amount'", "Amount.total", "i64", "string");
    }

    @Test
    void anotherKindOfStateIsRefused() {
        JobStatus refused = refuses(
                (graph, parameters) -> graph.source("numbers", numbers())
                        .keyBy(Long.class, n -> n % KEYS)
                        .process("sum", Row.class, states -> {
                            states.list("amount", First.Amount.class);
                            return (KeyedProcess<Long, Long, Row>) (n, context, out) -> {};
                        })
                        .sink("rows", new LedgerSink<>(ledger)),
                setup);

        assertThat(refused.message()).contains("HF-STA-010", "state 'amount' of operator 'sum'", "VALUE", "LIST");
    }

    @Test
    void anotherKindOfOperatorIsRefused() {
        JobStatus refused = refuses(
                (graph, parameters) -> graph.source("numbers", numbers())
                        .process("sum", Row.class, states -> {
                            OperatorListState<Long> list = states.operatorList("amount", Long.class);
                            return (Process<Long, Row>) (Long n, Emitter emitter, Output<Row> out) -> list.add(n);
                        })
                        .sink("rows", new LedgerSink<>(ledger)),
                setup);

        assertThat(refused.message()).contains("HF-STA-024", "operator 'sum'", "KEYED", "UNKEYED");
    }

    @Test
    void anotherKeyTypeIsRefused() {
        JobStatus refused = refuses(
                (graph, parameters) -> graph.source("numbers", numbers())
                        .keyBy(String.class, n -> "k" + n % KEYS)
                        .process("sum", Row.class, states -> {
                            states.value("amount", First.Amount.class);
                            return (KeyedProcess<String, Long, Row>) (n, context, out) -> {};
                        })
                        .sink("rows", new LedgerSink<>(ledger)),
                setup);

        assertThat(refused.message()).contains("HF-STA-022: operator 'sum'", "i64", "string");
    }

    @Test
    void anotherMaximumParallelismIsRefused() {
        JobStatus refused = refuses(first(), setup.maxParallelism(64));

        assertThat(refused.message()).contains("HF-STA-021", "maximum parallelism is 64", "it is 128");
    }

    @Test
    void anOperatorWithStateThatIsGoneIsRefused() {
        JobStatus refused = refuses(without(), setup);

        assertThat(refused.message()).contains("HF-STA-023", "[sum]", "restore.allow-dropped-state");
    }

    @Test
    void anOperatorWithStateMayGoIfAllowed() {
        stopped();
        int before = ledger.visible().size();

        setup.finish(setup.allowDroppedState(true).start("b", () -> without()));

        assertThat(ledger.visible()).hasSize((int) RECORDS);
        assertThat(before).isBetween(1, (int) RECORDS - 1);
    }

    private void goesOn(StreamProgram first, StreamProgram second) {
        SimulatedJob job = setup.start("a", () -> first);
        setup.runToCheckpoint(job, 3);
        job.process().kill();

        SimulatedJob again = setup.parallelism(3).start("b", () -> second);
        setup.finish(again);

        assertThat(again.job().status().restoredCheckpoint()).isPositive();
        exact();
    }

    private JobStatus refuses(StreamProgram changed, JobSetup with) {
        stopped();

        JobStatus status = setup.end(with.start("b", () -> changed));

        assertThat(status.phase()).as("%s", status).isEqualTo(JobStatus.Phase.FAILED);
        assertThat(setup.world().trace()).noneMatch(line -> line.contains(" b DEPLOYING"));
        SimulatedJob again = setup.start("c", () -> first());
        setup.finish(again);
        assertThat(again.job().status().restoredCheckpoint()).isPositive();
        exact();
        return status;
    }

    private void stopped() {
        SimulatedJob job = setup.start("a", () -> first());
        setup.runToCheckpoint(job, 3);
        job.process().kill();
    }

    private void exact() {
        List<Row> expected = new ArrayList<>();
        long[] counts = new long[(int) KEYS];
        for (long n = 0; n < RECORDS; n++) {
            expected.add(new Row(n % KEYS, ++counts[(int) (n % KEYS)]));
        }
        assertThat(ledger.visible()).containsExactlyInAnyOrderElementsOf(expected);
    }

    private StreamProgram first() {
        return summing(
                First.Amount.class,
                new First.Amount(0),
                (a, n) -> new First.Amount(a.total() + 1),
                First.Amount::total);
    }

    private StreamProgram without() {
        return (graph, parameters) -> graph.source("numbers", numbers())
                .map(Row.class, n -> new Row(n, 0))
                .sink("rows", new LedgerSink<>(ledger));
    }

    private <A> StreamProgram summing(Class<A> type, A initial, BiFunction<A, Long, A> add, ToLongFunction<A> count) {
        return (graph, parameters) -> graph.source("numbers", numbers())
                .keyBy(Long.class, n -> n % KEYS)
                .process("sum", Row.class, states -> {
                    var amount = states.value("amount", type, initial);
                    return (KeyedProcess<Long, Long, Row>) (n, context, out) -> {
                        amount.set(add.apply(amount.get(), n));
                        out.emit(new Row(context.key(), count.applyAsLong(amount.get())));
                    };
                })
                .sink("rows", new LedgerSink<>(ledger));
    }

    private static NumberSource<Long> numbers() {
        return new NumberSource<>(Type.of(Long.class), RECORDS, 100, n -> n, 1_000_000);
    }
}
