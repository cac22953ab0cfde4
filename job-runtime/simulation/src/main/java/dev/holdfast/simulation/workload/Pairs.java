package dev.holdfast.simulation.workload;

import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.OperatorContext;
import dev.holdfast.api.Output;
import dev.holdfast.api.Stream;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.state.ListState;
import dev.holdfast.api.state.MapState;
import dev.holdfast.api.state.States;
import dev.holdfast.api.state.Ttl;
import dev.holdfast.api.state.ValueState;
import dev.holdfast.api.type.Type;
import dev.holdfast.simulation.fault.JobShape;
import dev.holdfast.simulation.workload.NumberSource.Numbers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Orders and payments meet by their number; a few keys have nearly all of them. What waits for its other half is in a map, what was
 * paired lately in a list that is cut again, and the last number in a state that expires soon. Endless: splits are found as it runs.
 *
 * <pre>
 * pair: number  0  key  pairs of the key so far  last number (-1 if it expired)  waiting  kept in the list
 * </pre>
 */
final class Pairs implements Workload {
    private static final int KEPT = 20;
    private static final Duration EXPIRES = Duration.ofMillis(400);

    private final JobShape job;

    Pairs(JobShape job) {
        this.job = job;
    }

    record Half(boolean order, long number) {
        /** Half of the numbers have key 0, a quarter key 1, and so on. */
        long key(int keys) {
            return Math.min(keys - 1, Long.numberOfTrailingZeros(((number * 0x9E3779B97F4A7C15L) >>> 20) | (1L << 40)));
        }
    }

    @Override
    public boolean isEndless() {
        return true;
    }

    @Override
    public StreamProgram program(Outside outside) {
        return (graph, parameters) -> define(graph, outside);
    }

    private void define(StreamGraph graph, Outside outside) {
        Type<Half> halves = Type.of(Half.class);
        Stream<Half> orders = graph.source(
                "orders",
                new NumberSource<>(
                        halves, new Numbers(job.records(), 40, job.pauseUs(), true), n -> new Half(true, n)));
        Stream<Half> payments = graph.source(
                "payments",
                new NumberSource<>(
                        halves, new Numbers(job.records(), 25, job.pauseUs(), true), n -> new Half(false, n)));
        orders.union(payments)
                .keyBy(Long.class, half -> half.key(job.keys()))
                .process("pair", Row.class, states -> new Pair(states, outside.shared()))
                .sink("pairs", outside.sink("pairs"));
    }

    private static final class Pair implements KeyedProcess<Long, Half, Row> {
        private final MapState<Long, Boolean> waiting;
        private final ListState<Long> lately;
        private final ValueState<Long> pairs;
        private final ValueState<Long> last;
        private final Outside.Shared shared;

        Pair(States states, Outside.Shared shared) {
            this.shared = shared;
            waiting = states.map("waiting", Long.class, Boolean.class);
            lately = states.list("lately", Long.class);
            pairs = states.value("pairs", Long.class, 0L);
            last = states.expiring(Ttl.afterWrite(EXPIRES)).value("last", Long.class, -1L);
        }

        @Override
        public void open(OperatorContext context) {}

        @Override
        public void process(Half half, Context<Long> key, Output<Row> out) throws Exception {
            if (shared.throwSoon) {
                shared.throwSoon = false;
                throw new IllegalStateException("planned");
            }
            Boolean other = waiting.get(half.number());
            if (other == null) {
                waiting.put(half.number(), half.order());
                return;
            }
            if (other == half.order()) {
                shared.impossible.accept("the same half of " + half.number() + " came twice");
                return;
            }
            waiting.remove(half.number());
            pairs.set(pairs.get() + 1);
            List<Long> kept = new ArrayList<>();
            lately.get().forEach(kept::add);
            kept.add(half.number());
            lately.set(kept.size() > KEPT ? List.of() : kept);
            long open = 0;
            for (Long each : waiting.keys()) {
                open += each >= 0 ? 1 : 0;
            }
            out.emit(Row.of("pair", half.number(), 0, key.key(), pairs.get(), last.get(), open, kept.size()));
            last.set(half.number());
        }
    }

    @Override
    public boolean isComplete(List<Row> visible) {
        return visible.size() >= job.records();
    }

    @Override
    public void check(List<Row> visible, boolean exact, Outside.Shared shared, Consumer<String> wrong) {
        String difference = Counted.difference(
                visible.stream().map(row -> row.cell(0)).toList(),
                LongStream.range(0, job.records()).boxed().toList());
        if (!difference.isEmpty()) {
            wrong.accept("pairs: " + difference);
        }
        if (exact) {
            Map<Long, List<Row>> byKey = new TreeMap<>();
            visible.forEach(row ->
                    byKey.computeIfAbsent(row.cell(2), key -> new ArrayList<>()).add(row));
            byKey.forEach((key, rows) -> checkKey(key, rows, wrong));
        }
    }

    /** Counts are 1 to n; the list has what its cutting leaves; the last number is the last one, or has expired. */
    private static void checkKey(long key, List<Row> rows, Consumer<String> wrong) {
        rows.sort(Comparator.comparingLong(row -> row.cell(3)));
        long before = -1;
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            boolean right = row.cell(3) == i + 1
                    && (row.cell(4) == -1 || row.cell(4) == before)
                    && row.cell(6) == i % (KEPT + 1) + 1;
            if (!right) {
                wrong.accept("pair " + (i + 1) + " of key " + key + " is '" + row.line() + "' after number " + before);
                return;
            }
            before = row.cell(0);
        }
    }
}
