package dev.holdfast.engine.local;

import dev.holdfast.api.AggregateFunction;
import dev.holdfast.api.Emitter;
import dev.holdfast.api.KeyedBroadcastProcess;
import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.OperatorContext;
import dev.holdfast.api.Output;
import dev.holdfast.api.Parameters;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A job with every kind of state, two sources in a union, a broadcast stream, a side output and two sinks. Its rows carry what is
 * needed to check them: see {@link EverythingCheck}.
 */
record EverythingJob(World outside, int events, int rules, int keys) implements StreamProgram {
    static final SideOutput<Seen> SEEN = SideOutput.of("seen", Seen.class);

    /** What outlives every process. */
    static final class World {
        final LedgerSink.Ledger<Row> rows = new LedgerSink.Ledger<>();
        final LedgerSink.Ledger<Seen> seen = new LedgerSink.Ledger<>();
        /** What the tasks of each process held at the end of input; the newest attempt's words replace those before. */
        final Map<Place, Held> held = new HashMap<>();
        /** Makes the next record fail that any task processes. */
        boolean throwSoon;
    }

    record Place(String process, int task) {}

    record Held(int parallelism, List<Long> listed, long counted) {}

    public record Event(boolean left, long number) {}

    /** One keyed record, with all that the key's states said after it. */
    public record Row(
            long key,
            Event event,
            long count,
            long listSize,
            long mapTotal,
            long reduced,
            long aggregated,
            long listed,
            long lived,
            int rules) {}

    /** One rule as one task saw it. */
    public record Seen(long rule, int task, int parallelism, int rulesBefore) {}

    @Override
    public void define(StreamGraph graph, Parameters parameters) {
        Stream<Event> left = graph.source(
                "left", new NumberSource<>(Type.of(Event.class), events, 70, n -> new Event(true, n), 1_000_000));
        Stream<Event> right = graph.source(
                        "right",
                        new NumberSource<>(Type.of(Event.class), events, 110, n -> new Event(false, n), 1_000_000))
                .parallelism(1);
        Stream<Long> published = graph.source(
                        "rules", new NumberSource<>(Type.of(Long.class), rules, 5, n -> n, 20_000_000))
                .parallelism(1);
        Stream<Row> rows = left.union(right)
                .process("audit", Event.class, states -> new Audit(states, outside))
                .keyBy(Long.class, event -> event.number() % keys)
                .connect(published.broadcast())
                .process("states", Row.class, States::new);
        rows.sink("rows", new LedgerSink<>(outside.rows));
        rows.sideOutput(SEEN).sink("seen", new LedgerSink<>(outside.seen));
    }

    /** Keeps every tenth number in a list state, and counts all in a union state. */
    private static final class Audit implements Process<Event, Event> {
        private final OperatorListState<Long> listed;
        private final OperatorListState<Long> counts;
        private final World outside;
        private OperatorContext context;
        private long counted;

        Audit(OperatorStates states, World outside) {
            this.listed = states.operatorList("listed", Long.class);
            this.counts = states.unionList("counts", Long.class);
            this.outside = outside;
        }

        @Override
        public void open(OperatorContext opened) {
            context = opened;
            // Everybody gets the counts of all tasks; the first one goes on from their sum.
            if (opened.index() == 0) {
                counted = counts.get().stream().mapToLong(Long::longValue).sum();
            }
        }

        @Override
        public void process(Event event, Emitter emitter, Output<Event> out) {
            if (outside.throwSoon) {
                outside.throwSoon = false;
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
            // An attempt with another parallelism has fewer tasks, or more.
            outside.held
                    .entrySet()
                    .removeIf(held -> held.getKey().process().equals(context.jobName())
                            && held.getValue().parallelism() != context.parallelism());
            outside.held.put(
                    new Place(context.jobName(), context.index()),
                    new Held(context.parallelism(), List.copyOf(listed.get()), counted));
        }
    }

    private static final class States implements KeyedBroadcastProcess<Long, Event, Long, Row> {
        private final ValueState<Long> count;
        private final ListState<Long> list;
        private final MapState<Long, Long> map;
        private final ReducingState<Long> reduced;
        private final AggregatingState<Long, Long> aggregated;
        private final ValueState<Long> lived;
        private final BroadcastState<Long, Long> rules;
        private OperatorContext context;

        States(BroadcastStates states) {
            count = states.value("count", Long.class, 0L);
            list = states.list("list", Long.class);
            map = states.map("map", Long.class, Long.class);
            reduced = states.reducing("reduced", Long.class, Long::sum);
            aggregated = states.aggregating("aggregated", Type.list(Long.class), new Sum());
            lived = states.expiring(Ttl.afterWrite(Duration.ofDays(1))).value("lived", Long.class, 0L);
            rules = states.broadcast("rules", Long.class, Long.class);
        }

        @Override
        public void open(OperatorContext opened) {
            context = opened;
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
            out.emit(new Row(
                    key.key(),
                    event,
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
                    new Seen(
                            rule,
                            context.index(),
                            context.parallelism(),
                            rules.entries().size()));
            rules.put(rule, rule);
        }
    }

    /** A sum whose accumulator is a list of the last five digits' parts, so that it is a type with content. */
    private static final class Sum implements AggregateFunction<Long, List<Long>, Long> {
        @Override
        public List<Long> empty() {
            return List.of(0L, 0L);
        }

        @Override
        public List<Long> add(List<Long> accumulator, Long value) {
            List<Long> next = new ArrayList<>(accumulator);
            int place = (int) (value % 2);
            next.set(place, next.get(place) + value);
            return List.copyOf(next);
        }

        @Override
        public Long result(List<Long> accumulator) {
            return accumulator.get(0) + accumulator.get(1);
        }
    }
}
