package dev.holdfast.engine.graph;

import dev.holdfast.api.AggregateFunction;
import dev.holdfast.api.FilterFunction;
import dev.holdfast.api.FlatMapFunction;
import dev.holdfast.api.KeyedBroadcastProcess;
import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.MapFunction;
import dev.holdfast.api.Process;
import dev.holdfast.api.ReduceFunction;
import dev.holdfast.api.connector.Sink;
import dev.holdfast.api.connector.Source;
import dev.holdfast.api.type.Type;

/** What one operator of a program does, with the function objects of one run of the program. */
public sealed interface Node {

    record Read(Source<?, ?, ?> source) implements Node {}

    record Map(MapFunction<?, ?> function) implements Node {}

    record FlatMap(FlatMapFunction<?, ?> function) implements Node {}

    record Filter(FilterFunction<?> function) implements Node {}

    record Apply(Process.Factory<?, ?> factory) implements Node {}

    record ApplyKeyed(Type<?> keyType, KeyedProcess.Factory<?, ?, ?> factory) implements Node {}

    record ApplyConnected(Type<?> keyType, KeyedBroadcastProcess.Factory<?, ?, ?, ?> factory) implements Node {}

    record Reduce(Type<?> keyType, Type<?> valueType, ReduceFunction<?> function) implements Node {}

    record Aggregate(Type<?> keyType, Type<?> accumulator, AggregateFunction<?, ?, ?> function) implements Node {}

    record Write(Sink<?> sink) implements Node {}

    /** Name of the kind in plans, manifests and texts. */
    default String kind() {
        return switch (this) {
            case Read n -> "source";
            case Map n -> "map";
            case FlatMap n -> "flatMap";
            case Filter n -> "filter";
            case Apply n -> "process";
            case ApplyKeyed n -> "keyed process";
            case ApplyConnected n -> "connected process";
            case Reduce n -> "reduce";
            case Aggregate n -> "aggregate";
            case Write n -> "sink";
        };
    }
}
