package dev.holdfast.engine.graph;

import dev.holdfast.api.AggregateFunction;
import dev.holdfast.api.BroadcastStream;
import dev.holdfast.api.ConnectedStream;
import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.KeyedBroadcastProcess;
import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.KeyedStream;
import dev.holdfast.api.ReduceFunction;
import dev.holdfast.api.Stream;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.graph.GraphBuilder.Upstream;
import java.util.ArrayList;
import java.util.List;

/** A keyed stream while a program describes its job. */
final class BuiltKeyedStream<K, T> implements KeyedStream<K, T> {
    private final GraphBuilder graph;
    private final List<Upstream> upstreams;
    private final Type<K> keyType;
    private final Type<?> type;

    BuiltKeyedStream(GraphBuilder graph, List<Upstream> upstreams, Type<K> keyType, Type<?> type) {
        this.graph = graph;
        this.upstreams = upstreams;
        this.keyType = keyType;
        this.type = type;
    }

    @Override
    public <R> Stream<R> process(String name, Type<R> result, KeyedProcess.Factory<K, T, R> factory) {
        return new BuiltStream<>(graph, graph.add(name, new Node.ApplyKeyed(keyType, factory), result, upstreams));
    }

    @Override
    public Stream<T> reduce(String name, ReduceFunction<T> function) {
        return new BuiltStream<>(graph, graph.add(name, new Node.Reduce(keyType, type, function), type, upstreams));
    }

    @Override
    public <A, R> Stream<R> aggregate(
            String name, Type<A> accumulator, Type<R> result, AggregateFunction<? super T, A, R> function) {
        Node node = new Node.Aggregate(keyType, accumulator, function);
        return new BuiltStream<>(graph, graph.add(name, node, result, upstreams));
    }

    @Override
    public <B> ConnectedStream<K, T, B> connect(BroadcastStream<B> broadcast) {
        if (broadcast instanceof BuiltStream.BuiltBroadcast<B> built && built.graph() == graph) {
            return new BuiltConnectedStream<>(built);
        }
        throw new HoldfastException("HF-PLN-010", "connect with a stream of another graph");
    }

    private final class BuiltConnectedStream<B> implements ConnectedStream<K, T, B> {
        private final BuiltStream.BuiltBroadcast<B> broadcast;

        BuiltConnectedStream(BuiltStream.BuiltBroadcast<B> broadcast) {
            this.broadcast = broadcast;
        }

        @Override
        public <R> Stream<R> process(String name, Type<R> result, KeyedBroadcastProcess.Factory<K, T, B, R> factory) {
            List<Upstream> inputs = new ArrayList<>(upstreams);
            broadcast.upstreams().forEach(upstream -> inputs.add(upstream.asInput(1)));
            return new BuiltStream<>(graph, graph.add(name, new Node.ApplyConnected(keyType, factory), result, inputs));
        }
    }
}
