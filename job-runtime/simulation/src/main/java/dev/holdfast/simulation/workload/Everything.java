package dev.holdfast.simulation.workload;

import dev.holdfast.api.AggregateFunction;
import dev.holdfast.api.Emitter;
import dev.holdfast.api.KeyedBroadcastProcess;
import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.OperatorContext;
import dev.holdfast.api.Output;
import dev.holdfast.api.Process;
import dev.holdfast.api.SideOutput;
import dev.holdfast.api.Stream;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.state.AggregatingState;
import dev.holdfast.api.state.BroadcastState;
import dev.holdfast.api.state.BroadcastStates;
import dev.holdfast.api.state.ListState;
import dev.holdfast.api.state.MapState;
import dev.holdfast.api.state.OperatorListState;
import dev.holdfast.api.state.OperatorStates;
import dev.holdfast.api.state.ReducingState;
import dev.holdfast.api.state.Ttl;
import dev.holdfast.api.state.ValueState;
import dev.holdfast.api.type.Type;
import dev.holdfast.simulation.fault.JobShape;
import dev.holdfast.simulation.workload.NumberSource.Numbers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A job with every kind of state, two sources in a union, a broadcast stream, a side output and two sinks. Lists and maps of a key
 * grow to the job's end.
 *
 * <pre>
 * row:  side  number  key  count  list size  map total  reduced  aggregated  sum of list  lived  rules
 * seen: rule  task    parallelism  rules before
 * </pre>
 */
final class Everything implements Workload {
    static final SideOutput<Row> SEEN = SideOutput.of("seen", Row.class);
    static final int RULES = 25;

    private final JobShape job;

    Everything(JobShape job) {
        this.job = job;
    }

    /** What a task held at the end of its input. */
    record Held(long attempt, List<Long> listed, long counted) {}

    record Event(boolean left, long number, String filler) {}

    int records() {
        return job.records();
    }

    @Override
    public boolean isEndless() {
        return false;
    }

    @Override
    public boolean isComplete(List<Row> visible) {
        return false;
    }

    @Override
    public void check(List<Row> visible, boolean exact, Outside.Shared shared, Consumer<String> wrong) {
        new EverythingCheck(job.records(), visible, wrong).check(exact, shared.held.values());
    }

    @Override
    public StreamProgram program(Outside outside) {
        return (graph, parameters) -> define(graph, outside);
    }

    private void define(StreamGraph graph, Outside outside) {
        Type<Event> events = Type.of(Event.class);
        String filler = "x".repeat(job.fillerBytes());
        Stream<Event> left = graph.source(
                "left",
                new NumberSource<>(
                        events, new Numbers(job.records(), 30, job.pauseUs(), false), n -> new Event(true, n, filler)));
        Stream<Event> right = graph.source(
                        "right",
                        new NumberSource<>(
                                events,
                                new Numbers(job.records(), 110, job.pauseUs(), false),
                                n -> new Event(false, n, filler)))
                .parallelism(1);
        Stream<Long> rules = graph.source(
                        "rules",
                        new NumberSource<>(
                                Type.of(Long.class), new Numbers(RULES, 5, 8L * job.pauseUs(), false), n -> n))
                .parallelism(1);
        Stream<Row> rows = left.union(right)
                .process("audit", Event.class, states -> new Audit(states, outside))
                .keyBy(Long.class, event -> event.number() % job.keys())
                .connect(rules.broadcast())
                .process("states", Row.class, States::new);
        rows.sink("rows", outside.sink("rows"));
        rows.sideOutput(SEEN).sink("seen", outside.sink("seen"));
    }

    /** Keeps every tenth number in a list state, and counts all in a union state. */
    private static final class Audit implements Process<Event, Event> {
        private final OperatorListState<Long> listed;
        private final OperatorListState<Long> counts;
        private final Outside outside;
        private final Outside.Shared shared;
        private int index;
        private long counted;

        Audit(OperatorStates states, Outside outside) {
            this.listed = states.operatorList("listed", Long.class);
            this.counts = states.unionList("counts", Long.class);
            this.outside = outside;
            this.shared = outside.shared();
        }

        @Override
        public void open(OperatorContext context) {
            index = context.index();
            // Everybody gets the counts of all tasks; the first one goes on from their sum.
            if (index == 0) {
                counted = counts.get().stream().mapToLong(Long::longValue).sum();
            }
        }

        @Override
        public void process(Event event, Emitter emitter, Output<Event> out) {
            if (shared.throwSoon) {
                shared.throwSoon = false;
                throw new IllegalStateException("planned");
            }
            counted++;
            if (event.number() % 10 == 0) {
                listed.add(event.number());
            }
            out.emit(event);
        }

        @Override
        public void beforeCheckpoint(long checkpointId) {
            counts.set(List.of(counted));
        }

        @Override
        public void finish() {
            // A worker that slept may tell of an attempt that is over.
            long attempt = outside.attempt();
            if (shared.held.values().stream().noneMatch(held -> held.attempt() > attempt)) {
                shared.held.values().removeIf(held -> held.attempt() < attempt);
                shared.held.put(index, new Held(attempt, List.copyOf(listed.get()), counted));
            }
        }
    }

    private static final class States implements KeyedBroadcastProcess<Long, Event, Long, Row> {
        private final ValueState<Long> count;
        private final ListState<Long> list;
        private final MapState<Long, Long> map;
        private final ReducingState<Long> reduced;
        private final AggregatingState<Long, Long> aggregated;
        private final ValueState<Long> lived;
        private final ValueState<String> filler;
        private final BroadcastState<Long, Long> rules;
        private int index;
        private int parallelism;

        States(BroadcastStates states) {
            count = states.value("count", Long.class, 0L);
            list = states.list("list", Long.class);
            map = states.map("map", Long.class, Long.class);
            reduced = states.reducing("reduced", Long.class, Long::sum);
            aggregated = states.aggregating("aggregated", Type.list(Long.class), new Halves());
            lived = states.expiring(Ttl.afterWrite(Duration.ofDays(1))).value("lived", Long.class, 0L);
            filler = states.value("filler", String.class, "");
            rules = states.broadcast("rules", Long.class, Long.class);
        }

        @Override
        public void open(OperatorContext context) {
            index = context.index();
            parallelism = context.parallelism();
        }

        @Override
        public void process(Event event, KeyedProcess.Context<Long> key, Output<Row> out) throws Exception {
            long number = event.number();
            count.set(count.get() + 1);
            list.add(number);
            map.put(number % 97, Optional.ofNullable(map.get(number % 97)).orElse(0L) + 1);
            reduced.add(number);
            aggregated.add(number);
            lived.set(lived.get() + 1);
            filler.set(event.filler());
            long size = 0;
            long listed = 0;
            for (long each : list.get()) {
                size++;
                listed += each;
            }
            long total = 0;
            for (long each : map.values()) {
                total += each;
            }
            out.emit(Row.of(
                    "row",
                    event.left() ? 1 : 0,
                    number,
                    key.key(),
                    count.get(),
                    size,
                    total,
                    Optional.ofNullable(reduced.get()).orElse(0L),
                    Optional.ofNullable(aggregated.get()).orElse(0L),
                    listed,
                    lived.get(),
                    rules.entries().size()));
        }

        @Override
        public void processBroadcast(Long rule, Emitter emitter, Output<Row> out) {
            emitter.emit(
                    SEEN,
                    Row.of("seen", rule, index, parallelism, rules.entries().size()));
            rules.put(rule, rule);
        }
    }

    /** A sum whose accumulator is a list: one part for even numbers, one for odd ones. */
    private static final class Halves implements AggregateFunction<Long, List<Long>, Long> {
        @Override
        public List<Long> empty() {
            return List.of(0L, 0L);
        }

        @Override
        public List<Long> add(List<Long> accumulator, Long value) {
            return value % 2 == 0
                    ? List.of(accumulator.get(0) + value, accumulator.get(1))
                    : List.of(accumulator.get(0), accumulator.get(1) + value);
        }

        @Override
        public Long result(List<Long> accumulator) {
            return accumulator.get(0) + accumulator.get(1);
        }
    }
}
