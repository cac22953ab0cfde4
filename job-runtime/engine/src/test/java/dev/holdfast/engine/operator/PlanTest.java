package dev.holdfast.engine.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.Emitter;
import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.Output;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.Process;
import dev.holdfast.api.SideOutput;
import dev.holdfast.api.Stream;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.graph.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Chains and fingerprints of plans. */
class PlanTest {

    /** What may differ between two programs. */
    private record Variant(
            String name,
            Class<?> state,
            String stateName,
            boolean list,
            int tasks,
            String side,
            boolean twoSinks,
            Class<?> key) {
        StreamProgram program() {
            return (graph, parameters) -> {
                Stream<Long> numbers = graph.source("numbers", new NoSource<>(Type.of(Long.class)));
                Stream<Long> counted = keyed(numbers).parallelism(tasks);
                counted.sideOutput(SideOutput.of(side, Long.class)).sink("side", new NoSink<>());
                counted.sink("out", new NoSink<>());
                if (twoSinks) {
                    counted.sink("out2", new NoSink<>());
                }
            };
        }

        private Stream<Long> keyed(Stream<Long> numbers) {
            KeyedProcess.Factory<Object, Long, Long> factory = states -> {
                if (list) {
                    states.list(stateName, state);
                } else {
                    states.value(stateName, state);
                }
                return (n, context, out) -> {};
            };
            return key == Long.class
                    ? numbers.keyBy(Long.class, n -> n).process(name, Long.class, states -> {
                        factory.create(states);
                        return (KeyedProcess<Long, Long, Long>) (n, context, out) -> {};
                    })
                    : numbers.keyBy(String.class, n -> "" + n).process(name, Long.class, states -> {
                        factory.create(states);
                        return (KeyedProcess<String, Long, Long>) (n, context, out) -> {};
                    });
        }
    }

    private static final Variant BASE = new Variant("count", Long.class, "n", false, 2, "odd", false, Long.class);

    @Test
    void twoRunsOfAProgramHaveOneFingerprint() {
        assertThat(plan(BASE.program()).fingerprint())
                .isEqualTo(plan(BASE.program()).fingerprint())
                .hasSize(64);
        assertThat(difference(plan(BASE.program()), plan(BASE.program()))).isEmpty();
    }

    @Test
    void everyKindOfChangeChangesTheFingerprintAndIsNamed() {
        Map<String, Variant> changes = new LinkedHashMap<>();
        changes.put("total", new Variant("total", Long.class, "n", false, 2, "odd", false, Long.class));
        changes.put("i32", new Variant("count", Integer.class, "n", false, 2, "odd", false, Long.class));
        changes.put("name=m", new Variant("count", Long.class, "m", false, 2, "odd", false, Long.class));
        changes.put("LIST", new Variant("count", Long.class, "n", true, 2, "odd", false, Long.class));
        changes.put("x3", new Variant("count", Long.class, "n", false, 3, "odd", false, Long.class));
        changes.put("out2", new Variant("count", Long.class, "n", false, 2, "odd", true, Long.class));
        List<String> fingerprints = new ArrayList<>(List.of(plan(BASE.program()).fingerprint()));
        changes.forEach((named, change) -> {
            Plan changed = plan(change.program());
            fingerprints.add(changed.fingerprint());
            assertThat(difference(plan(BASE.program()), changed))
                    .as(named)
                    .get()
                    .asString()
                    .contains("differs", named);
        });
        fingerprints.add(Program.of(BASE.program(), Parameters.of(Map.of()), 2, 64)
                .plan()
                .fingerprint());
        assertThat(fingerprints).doesNotHaveDuplicates();
    }

    @Test
    void operatorsOfOneInputAndOneParallelismAreOneChain() {
        assertThat(names((graph, parameters) -> graph.source("numbers", new NoSource<>(Type.of(Long.class)))
                        .map(Long.class, n -> n)
                        .filter(n -> true)
                        .process("p", Long.class, states -> same())
                        .sink("out", new NoSink<>())))
                .containsExactly("numbers -> map#1 -> filter#2 -> p -> out");
    }

    @Test
    void aChainMayBranch() {
        assertThat(names((graph, parameters) -> {
                    Stream<Long> numbers = graph.source("numbers", new NoSource<>(Type.of(Long.class)));
                    numbers.sink("a", new NoSink<>());
                    numbers.sink("b", new NoSink<>());
                }))
                .containsExactly("numbers -> a -> b");
    }

    @Test
    void keyByRebalanceUnionAndAnotherParallelismBeginANewChain() {
        assertThat(names((graph, parameters) -> {
                    Stream<Long> numbers = graph.source("numbers", new NoSource<>(Type.of(Long.class)));
                    numbers.keyBy(Long.class, n -> n)
                            .process("keyed", Long.class, states -> (KeyedProcess<Long, Long, Long>) (n, c, out) -> {})
                            .sink("a", new NoSink<>());
                    numbers.rebalance().sink("b", new NoSink<>());
                    numbers.map(Long.class, n -> n).parallelism(1).sink("c", new NoSink<>());
                    numbers.union(numbers.filter(n -> true)).sink("d", new NoSink<>());
                }))
                .containsExactly("numbers -> filter#6", "keyed -> a", "b", "map#4", "c", "d");
    }

    @Test
    void aPlanNeedsAsManySlotsAsItsWidestVertex() {
        assertThat(plan(new Variant("count", Long.class, "n", false, 7, "odd", false, Long.class).program())
                        .slots())
                .isEqualTo(7);
    }

    private static Process<Long, Long> same() {
        return (Long n, Emitter emitter, Output<Long> out) -> out.emit(n);
    }

    private static List<String> names(StreamProgram program) {
        return plan(program).vertices().stream().map(Plan.Vertex::name).toList();
    }

    private static Plan plan(StreamProgram program) {
        return Program.of(program, Parameters.of(Map.of()), 2, 128).plan();
    }

    private static Optional<String> difference(Plan mine, Plan theirs) {
        return Plan.difference(mine.describe(), theirs.describe(), "here", "there");
    }
}
