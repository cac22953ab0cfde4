package dev.holdfast.engine.operator;

import dev.holdfast.api.FilterFunction;
import dev.holdfast.api.FlatMapFunction;
import dev.holdfast.api.KeySelector;
import dev.holdfast.api.KeyedBroadcastProcess;
import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.Lifecycle;
import dev.holdfast.api.MapFunction;
import dev.holdfast.api.Output;
import dev.holdfast.api.Process;
import dev.holdfast.api.connector.Source;
import dev.holdfast.engine.exchange.Backlog;
import dev.holdfast.engine.exchange.Batch;
import dev.holdfast.engine.exchange.ChannelWriter;
import dev.holdfast.engine.exchange.EdgeOutput;
import dev.holdfast.engine.exchange.Element;
import dev.holdfast.engine.graph.Chaining;
import dev.holdfast.engine.graph.Edge;
import dev.holdfast.engine.graph.LogicalGraph;
import dev.holdfast.engine.graph.Node;
import dev.holdfast.engine.graph.Partitioning;
import dev.holdfast.engine.graph.Plan;
import dev.holdfast.engine.metrics.OutputCounters;
import dev.holdfast.engine.type.KeyCodec;
import dev.holdfast.engine.type.TypeSerializer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The operators of one task, connected by calls, and the outputs that lead out of the task. Built from the last operator to the
 * first, so that each finds the ones it emits to.
 */
public final class Chain {
    private final List<ChainOperator> operators;
    private final List<EdgeOutput> edges;
    private final List<Way> ways;
    private final Backlog backlog;

    private Chain(List<ChainOperator> operators, List<Way> ways, Backlog backlog) {
        this.operators = List.copyOf(operators);
        this.ways = List.copyOf(ways);
        this.edges = this.ways.stream().map(Way::output).toList();
        this.backlog = backlog;
    }

    /** An edge out of the task, and the operator that reads it. */
    private record Way(EdgeOutput output, String reader, boolean forward) {}

    /**
     * Builds the chain of one task.
     *
     * @param program the slot's own run of the program
     * @param channels for an edge that leaves the vertex, the channels to the tasks behind it, in order of their index
     */
    public static Chain build(
            Program program, Plan.Vertex vertex, Function<Edge, List<? extends ChannelWriter>> channels) {
        return new Builder(program, channels).build(vertex);
    }

    /** The operators, head first. */
    public List<ChainOperator> operators() {
        return operators;
    }

    public ChainOperator head() {
        return operators.getFirst();
    }

    public Backlog backlog() {
        return backlog;
    }

    /** Processes plain records of a batch from an index on, until its end or until the output is refused. */
    public int processBatch(Batch batch, int from) {
        ChainOperator head = head();
        int size = batch.size();
        int i = from;
        while (i < size && !backlog.isBlocked()) {
            head.take(batch.value(i));
            i++;
        }
        return i;
    }

    /** Hands over what channels refused before. */
    public void drain(long nowNs) {
        for (EdgeOutput edge : edges) {
            edge.drain(nowNs);
        }
    }

    /** Sends a probe out of the task, behind all records, by one channel of each edge. */
    public void probe(Element.Probe probe) {
        edges.forEach(edge -> edge.probe(probe));
    }

    /**
     * What the channels out of the task count.
     *
     * @param subtask number of the task
     */
    public List<OutputCounters> outputs(int subtask) {
        List<OutputCounters> all = new ArrayList<>();
        for (Way way : ways) {
            all.addAll(way.output().counters(way.reader(), way.forward() ? subtask : 0));
        }
        return all;
    }

    /** Bytes sent to other workers; from any thread. */
    public long sentBytes() {
        long sum = 0;
        for (EdgeOutput edge : edges) {
            sum += edge.sentBytes();
        }
        return sum;
    }

    /** Hands over batches that are not full. */
    public void flush() {
        edges.forEach(EdgeOutput::flush);
    }

    /** Sends a barrier or the end out of the task, behind all records. */
    public void control(Element element) {
        edges.forEach(edge -> edge.control(element));
    }

    private static final class Builder {
        private final Program program;
        private final LogicalGraph graph;
        private final Function<Edge, List<? extends ChannelWriter>> channels;
        private final Backlog backlog = new Backlog();
        private final List<Way> ways = new ArrayList<>();
        private final Map<Integer, ChainOperator> built = new HashMap<>();

        Builder(Program program, Function<Edge, List<? extends ChannelWriter>> channels) {
            this.program = program;
            this.graph = program.graph();
            this.channels = channels;
        }

        Chain build(Plan.Vertex vertex) {
            List<ChainOperator> operators = new ArrayList<>();
            for (Plan.PlanOperator operator : vertex.operators().reversed()) {
                ChainOperator made = operator(graph.operators().get(operator.number()));
                built.put(operator.number(), made);
                operators.addFirst(made);
            }
            return new Chain(operators, ways, backlog);
        }

        @SuppressWarnings("unchecked") // the typed builder of the graph made sure that each function fits its stream
        private ChainOperator operator(LogicalGraph.Operator operator) {
            int number = operator.number();
            String name = operator.name();
            Program.Instance instance = program.instance(number);
            Outputs outputs = outputs(operator);
            Lifecycle function = instance.function();
            return switch (operator.node()) {
                case Node.Read node ->
                    new SourceOperator(
                            number, name, instance.states(), (Source<Object, Object, ?>) node.source(), outputs.main());
                case Node.Write node -> SinkOperator.of(number, name, instance.states(), node.sink());
                case Node.Map node ->
                    new FunctionOperator.Map(
                            number, name, instance.states(), (MapFunction<Object, Object>) node.function(), outputs);
                case Node.FlatMap node ->
                    new FunctionOperator.FlatMap(
                            number,
                            name,
                            instance.states(),
                            (FlatMapFunction<Object, Object>) node.function(),
                            outputs);
                case Node.Filter node ->
                    new FunctionOperator.Filter(
                            number, name, instance.states(), (FilterFunction<Object>) node.function(), outputs);
                case Node.Apply node ->
                    new FunctionOperator.Apply(number, name, instance.states(), as(function), outputs);
                case Node.ApplyKeyed node ->
                    new KeyedOperator.Apply(number, name, instance.states(), keyed(function), outputs);
                case Node.Reduce node ->
                    new KeyedOperator.Apply(number, name, instance.states(), keyed(function), outputs);
                case Node.Aggregate node ->
                    new KeyedOperator.Apply(number, name, instance.states(), keyed(function), outputs);
                case Node.ApplyConnected node ->
                    new KeyedOperator.Connected(number, name, instance.states(), connected(function), outputs);
            };
        }

        @SuppressWarnings("unchecked") // see operator()
        private static Process<Object, Object> as(@Nullable Lifecycle function) {
            return (Process<Object, Object>) Objects.requireNonNull(function);
        }

        @SuppressWarnings("unchecked") // see operator()
        private static KeyedProcess<Object, Object, Object> keyed(@Nullable Lifecycle function) {
            return (KeyedProcess<Object, Object, Object>) Objects.requireNonNull(function);
        }

        @SuppressWarnings("unchecked") // see operator()
        private static KeyedBroadcastProcess<Object, Object, Object, Object> connected(@Nullable Lifecycle function) {
            return (KeyedBroadcastProcess<Object, Object, Object, Object>) Objects.requireNonNull(function);
        }

        private Outputs outputs(LogicalGraph.Operator operator) {
            Map<String, List<Output<Object>>> targets = new HashMap<>();
            List<Output<Object>> main = new ArrayList<>();
            for (Edge edge : graph.outputs(operator.number())) {
                List<Output<Object>> list =
                        edge.side() == null ? main : targets.computeIfAbsent(edge.side(), side -> new ArrayList<>());
                list.add(target(edge));
            }
            Map<String, OperatorOutput> sides = new HashMap<>();
            targets.forEach((side, list) -> sides.put(side, new OperatorOutput(operator.name(), Outputs.toAll(list))));
            return new Outputs(new OperatorOutput(operator.name(), Outputs.toAll(main)), sides);
        }

        private Output<Object> target(Edge edge) {
            if (Chaining.isCall(graph, edge)) {
                return Objects.requireNonNull(built.get(edge.to()))::take;
            }
            List<? extends ChannelWriter> writers = channels.apply(edge);
            EdgeOutput output = switch (edge.partitioning()) {
                case Partitioning.Forward forward -> EdgeOutput.spread(writers, backlog);
                case Partitioning.Rebalance rebalance -> EdgeOutput.spread(writers, backlog);
                case Partitioning.Broadcast broadcast -> EdgeOutput.broadcast(writers, backlog);
                case Partitioning.Keyed keyed -> keyed(edge, keyed, writers);
            };
            ways.add(new Way(
                    output,
                    graph.operators().get(edge.to()).name(),
                    edge.partitioning() instanceof Partitioning.Forward));
            return output;
        }

        @SuppressWarnings("unchecked") // see operator()
        private EdgeOutput keyed(Edge edge, Partitioning.Keyed keyed, List<? extends ChannelWriter> writers) {
            TypeSerializer<Object> key =
                    (TypeSerializer<Object>) program.instance(edge.to()).key().orElseThrow();
            return EdgeOutput.keyed(
                    writers,
                    backlog,
                    (KeySelector<Object, Object>) keyed.selector(),
                    new KeyCodec<>(key),
                    graph.maxParallelism(),
                    graph.operators().get(edge.to()).name());
        }
    }
}
