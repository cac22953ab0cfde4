package dev.holdfast.engine.graph;

import dev.holdfast.api.BroadcastStream;
import dev.holdfast.api.FilterFunction;
import dev.holdfast.api.FlatMapFunction;
import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.KeySelector;
import dev.holdfast.api.KeyedStream;
import dev.holdfast.api.MapFunction;
import dev.holdfast.api.Process;
import dev.holdfast.api.SideOutput;
import dev.holdfast.api.Stream;
import dev.holdfast.api.connector.Sink;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.graph.GraphBuilder.Upstream;
import java.util.ArrayList;
import java.util.List;

/** A stream while a program describes its job. */
final class BuiltStream<T> implements Stream<T> {
    private static final Partitioning FORWARD = new Partitioning.Forward();

    private final GraphBuilder graph;
    private final List<Upstream> upstreams;
    private final Type<?> type;

    BuiltStream(GraphBuilder graph, int operator) {
        this(graph, List.of(new Upstream(operator, null, FORWARD, 0, graph.output(operator))), graph.output(operator));
    }

    private BuiltStream(GraphBuilder graph, List<Upstream> upstreams, Type<?> type) {
        this.graph = graph;
        this.upstreams = upstreams;
        this.type = type;
    }

    @Override
    public <R> Stream<R> map(Type<R> result, MapFunction<? super T, ? extends R> function) {
        return new BuiltStream<>(graph, graph.addNameless(new Node.Map(function), result, upstreams));
    }

    @Override
    public <R> Stream<R> flatMap(Type<R> result, FlatMapFunction<? super T, R> function) {
        return new BuiltStream<>(graph, graph.addNameless(new Node.FlatMap(function), result, upstreams));
    }

    @Override
    public Stream<T> filter(FilterFunction<? super T> function) {
        return new BuiltStream<>(graph, graph.addNameless(new Node.Filter(function), type, upstreams));
    }

    @Override
    public <K> KeyedStream<K, T> keyBy(Type<K> keyType, KeySelector<? super T, ? extends K> key) {
        return new BuiltKeyedStream<>(graph, with(new Partitioning.Keyed(keyType, key)), keyType, type);
    }

    @Override
    public <R> Stream<R> process(String name, Type<R> result, Process.Factory<T, R> factory) {
        return new BuiltStream<>(graph, graph.add(name, new Node.Apply(factory), result, upstreams));
    }

    @Override
    public Stream<T> union(Stream<T> other) {
        BuiltStream<T> second = of(other, "union");
        List<Upstream> all = new ArrayList<>(upstreams);
        all.addAll(second.upstreams);
        return new BuiltStream<>(graph, List.copyOf(all), type);
    }

    @Override
    public BroadcastStream<T> broadcast() {
        return new BuiltBroadcast<>(graph, with(new Partitioning.Broadcast()));
    }

    @Override
    public Stream<T> rebalance() {
        return new BuiltStream<>(graph, with(new Partitioning.Rebalance()), type);
    }

    @Override
    public <R> Stream<R> sideOutput(SideOutput<R> side) {
        int operator = single("a side output");
        Node node = graph.node(operator);
        if (!(node instanceof Node.Apply || node instanceof Node.ApplyKeyed || node instanceof Node.ApplyConnected)) {
            throw new HoldfastException(
                    "HF-PLN-008",
                    node.kind() + " '" + graph.name(operator) + "' has no side outputs, so '" + side.name()
                            + "' cannot be read from it. Only process operators have some.");
        }
        Upstream upstream = new Upstream(operator, side.name(), FORWARD, 0, side.type());
        return new BuiltStream<>(graph, List.of(upstream), side.type());
    }

    @Override
    public Stream<T> parallelism(int tasks) {
        graph.setParallelism(single("parallelism"), tasks);
        return this;
    }

    @Override
    public void sink(String name, Sink<? super T> sink) {
        graph.add(name, new Node.Write(sink), null, upstreams);
    }

    private List<Upstream> with(Partitioning partitioning) {
        return upstreams.stream().map(upstream -> upstream.with(partitioning)).toList();
    }

    /** The one operator that made this stream. */
    private int single(String what) {
        if (upstreams.size() != 1 || upstreams.getFirst().side() != null) {
            throw new HoldfastException(
                    "HF-PLN-009",
                    what + " belongs to one operator; this stream is a union or a side output. Ask before that.");
        }
        return upstreams.getFirst().operator();
    }

    private BuiltStream<T> of(Stream<T> other, String what) {
        if (other instanceof BuiltStream<T> built && built.graph == graph) {
            return built;
        }
        throw new HoldfastException("HF-PLN-010", what + " with a stream of another graph");
    }

    /** A broadcast stream while a program describes its job. */
    record BuiltBroadcast<T>(GraphBuilder graph, List<Upstream> upstreams) implements BroadcastStream<T> {}
}
