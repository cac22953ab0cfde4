package dev.holdfast.engine.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.Emitter;
import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.Output;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.Process;
import dev.holdfast.api.SideOutput;
import dev.holdfast.api.Stream;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.state.States;
import dev.holdfast.api.type.Type;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** Programs that describe what cannot run: each text is read. */
class ProgramErrorsTest {

    public record Inner(Object thing) {}

    public record Outer(String name, Inner inner) {}

    public record BadKey(String name, List<byte[]> parts) {}

    @Test
    void aNameThatIsEmpty() {
        error(graph -> numbers(graph, "").sink("s", new NoSink<>()))
                .hasMessageContaining("HF-PLN-001: the name '' of a source is not 1 to 100 letters");
    }

    @Test
    void aNameWithASpace() {
        error(graph -> numbers(graph, "n").sink("my sink", new NoSink<>()))
                .hasMessageContaining("HF-PLN-001: the name 'my sink' of a sink is not 1 to 100 letters, digits");
    }

    @Test
    void aNameOf101Letters() {
        error(graph -> numbers(graph, "n")
                        .process("x".repeat(101), Long.class, s -> same())
                        .sink("s", new NoSink<>()))
                .hasMessageContaining("HF-PLN-001: the name 'xxx");
    }

    @Test
    void twoOperatorsWithOneName() {
        error(graph -> {
                    Stream<Long> stream = numbers(graph, "n");
                    stream.sink("same", new NoSink<>());
                    stream.process("same", Long.class, s -> same()).sink("s", new NoSink<>());
                })
                .hasMessageContaining("HF-PLN-002: two operators have the name 'same'");
    }

    @Test
    void aStreamThatNobodyReads() {
        error(graph -> numbers(graph, "n").map(Long.class, n -> n))
                .hasMessageContaining("HF-PLN-006: nothing reads the output of map 'map#1'");
    }

    @Test
    void noSource() {
        error(graph -> {}).hasMessageContaining("HF-PLN-005: the program has no source");
    }

    @Test
    void anOperatorThatIsAddedAfterDefine() {
        AtomicReference<Stream<Long>> kept = new AtomicReference<>();
        Program.of(
                (graph, parameters) -> {
                    kept.set(numbers(graph, "n"));
                    kept.get().sink("s", new NoSink<>());
                },
                Parameters.of(Map.of()),
                2,
                128);

        assertThatThrownBy(() -> kept.get().sink("late", new NoSink<>()))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("HF-PLN-004: sink 'late' was added after the program's define method returned");
        assertThatThrownBy(() -> kept.get().filter(n -> true))
                .hasMessageContaining("HF-PLN-004: filter was added after");
        assertThatThrownBy(() -> kept.get().parallelism(1)).hasMessageContaining("HF-PLN-004");
    }

    @Test
    void aParallelismOutOfRange() {
        for (int tasks : new int[] {0, -1, 129}) {
            error(graph -> numbers(graph, "n").parallelism(tasks).sink("s", new NoSink<>()))
                    .hasMessageContaining("HF-PLN-003: parallelism of operator 'n' is " + tasks
                            + "; it must be 1 to the job's maximum parallelism, 128");
        }
    }

    @Test
    void aJobsParallelismOutOfRange() {
        assertThatThrownBy(() -> Program.of((graph, parameters) -> {}, Parameters.of(Map.of()), 200, 128))
                .hasMessageContaining("HF-PLN-003: parallelism of the job is 200");
    }

    @Test
    void aMaximumParallelismOutOfRange() {
        for (int most : new int[] {0, 40_000}) {
            assertThatThrownBy(() -> Program.of((graph, parameters) -> {}, Parameters.of(Map.of()), 1, most))
                    .hasMessageContaining("HF-PLN-007: maximum parallelism is " + most + "; it must be 1 to 32768");
        }
    }

    @Test
    void aSideOutputOfAnOperatorThatHasNone() {
        error(graph -> numbers(graph, "n").sideOutput(SideOutput.of("odd", Long.class)))
                .hasMessageContaining("HF-PLN-008: source 'n' has no side outputs, so 'odd' cannot be read from it");
    }

    @Test
    void aSideOutputOrParallelismOfAUnion() {
        error(graph -> numbers(graph, "a").union(numbers(graph, "b")).sideOutput(SideOutput.of("odd", Long.class)))
                .hasMessageContaining("HF-PLN-009: a side output belongs to one operator; this stream is a union");
        error(graph -> numbers(graph, "a").union(numbers(graph, "b")).parallelism(1))
                .hasMessageContaining("HF-PLN-009: parallelism belongs to one operator; this stream is a union");
    }

    @Test
    void streamsOfAnotherGraph() {
        AtomicReference<Stream<Long>> other = new AtomicReference<>();
        Program.of(
                (graph, parameters) -> {
                    other.set(numbers(graph, "n"));
                    other.get().sink("s", new NoSink<>());
                },
                Parameters.of(Map.of()),
                2,
                128);

        error(graph -> numbers(graph, "a").union(other.get()))
                .hasMessageContaining("HF-PLN-010: union with a stream of another graph");
        error(graph -> numbers(graph, "a")
                        .keyBy(Long.class, n -> n)
                        .connect(other.get().broadcast()))
                .hasMessageContaining("HF-PLN-010: connect with a stream of another graph");
    }

    @Test
    void aTypeThatCannotBeDerivedIsNamedWithThePathToIt() {
        error(graph -> numbers(graph, "n").map(Outer.class, n -> null).sink("s", new NoSink<>()))
                .hasMessageContaining("HF-TYP-")
                .hasMessageContaining("map 'map#1'")
                .hasMessageContaining("Outer.inner.thing")
                .hasMessageContaining("java.lang.Object");
    }

    @Test
    void aTypeOfStateThatCannotBeDerivedIsNamedWithItsOperator() {
        error(graph -> keyed(graph, states -> states.value("v", Outer.class)))
                .hasMessageContaining("HF-TYP-")
                .hasMessageContaining("keyed process 'op'")
                .hasMessageContaining("inner.thing");
    }

    @Test
    void aKeyWhoseEqualityIsNotThatOfItsContentIsRefused() {
        error(graph -> numbers(graph, "n")
                        .keyBy(BadKey.class, n -> new BadKey("", List.of()))
                        .process("op", Long.class, s -> (KeyedProcess<BadKey, Long, Long>) (n, c, out) -> {})
                        .sink("s", new NoSink<>()))
                .hasMessageContaining("HF-TYP-")
                .hasMessageContaining("keyed process 'op'")
                .hasMessageContaining("BadKey.parts");
    }

    @Test
    void aStateThatIsDeclaredTwice() {
        error(graph -> keyed(graph, states -> {
                    states.value("v", Long.class);
                    states.list("v", Long.class);
                }))
                .hasMessageContaining("HF-STA-001")
                .hasMessageContaining("operator 'op' declares two states 'v'");
    }

    @Test
    void aStateNameThatIsMalformed() {
        error(graph -> keyed(graph, states -> states.value("my state", Long.class)))
                .hasMessageContaining("HF-STA-001")
                .hasMessageContaining("state name 'my state' of operator 'op' must be 1 to 100 letters");
    }

    @Test
    void aStateThatIsDeclaredLate() {
        AtomicReference<States> kept = new AtomicReference<>();
        Program.of((graph, parameters) -> keyed(graph, kept::set), Parameters.of(Map.of()), 2, 128);

        assertThatThrownBy(() -> kept.get().value("late", Long.class))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("HF-STA-002: state 'late' of operator 'op' is declared while the job runs");
    }

    private interface Describe {
        void in(StreamGraph graph);
    }

    private interface Declare {
        void on(States states);
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> error(Describe describe) {
        StreamProgram program = (graph, parameters) -> describe.in(graph);
        return assertThatThrownBy(() -> Program.of(program, Parameters.of(Map.of()), 2, 128))
                .isInstanceOf(HoldfastException.class)
                .satisfies(
                        error -> assertThat(error.getMessage()).startsWith(((HoldfastException) error).code() + ": "));
    }

    private static void keyed(StreamGraph graph, Declare declare) {
        numbers(graph, "n")
                .keyBy(Long.class, n -> n)
                .process("op", Long.class, states -> {
                    declare.on(states);
                    return (KeyedProcess<Long, Long, Long>) (n, context, out) -> {};
                })
                .sink("s", new NoSink<>());
    }

    private static Process<Long, Long> same() {
        return (Long n, Emitter emitter, Output<Long> out) -> out.emit(n);
    }

    private static Stream<Long> numbers(StreamGraph graph, String name) {
        return graph.source(name, new NoSource<>(Type.of(Long.class)));
    }
}
