package dev.holdfast.engine.operator;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.Lifecycle;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.connector.Source;
import dev.holdfast.api.connector.TransactionalSink;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.graph.Chaining;
import dev.holdfast.engine.graph.Edge;
import dev.holdfast.engine.graph.GraphBuilder;
import dev.holdfast.engine.graph.LogicalGraph;
import dev.holdfast.engine.graph.Node;
import dev.holdfast.engine.graph.Plan;
import dev.holdfast.engine.state.StateDeclaration;
import dev.holdfast.engine.state.StateDeclarations;
import dev.holdfast.engine.type.TypeSerializer;
import dev.holdfast.engine.type.TypeSerializers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One run of a user's program: its graph, the function objects, and the states that they declared. Each slot makes its own,
 * so that no two tasks share a function object. The plan is the same in all of them.
 */
public final class Program {
    private final LogicalGraph graph;
    private final List<Instance> instances;
    private final Plan plan;

    private Program(LogicalGraph graph, List<Instance> instances) {
        this.graph = graph;
        this.instances = List.copyOf(instances);
        this.plan =
                Chaining.plan(graph, number -> planStates(instances.get(number).states()));
    }

    /**
     * Runs a program.
     *
     * @throws HoldfastException if it describes something that cannot run: HF-PLN, HF-TYP, HF-STA
     */
    public static Program of(StreamProgram program, Parameters parameters, int parallelism, int maxParallelism) {
        LogicalGraph graph = GraphBuilder.build(program, parameters, parallelism, maxParallelism);
        List<Instance> instances = new ArrayList<>();
        for (LogicalGraph.Operator operator : graph.operators()) {
            try {
                instances.add(instance(operator));
            } catch (HoldfastException e) {
                throw new HoldfastException(
                        e.code(), operator.node().kind() + " '" + operator.name() + "': " + e.text(), e);
            }
        }
        graph.edges().forEach(edge -> checkType(graph, edge));
        return new Program(graph, instances);
    }

    /**
     * An operator's function object and what it declared.
     *
     * @param function null where the node itself is the function's factory: sources and sinks
     * @param key serializer of the key, for operators on keyed streams
     */
    public record Instance(@Nullable Lifecycle function, StateDeclarations states, Optional<TypeSerializer<?>> key) {}

    public LogicalGraph graph() {
        return graph;
    }

    public Plan plan() {
        return plan;
    }

    /** The instance of an operator, by its number in the graph. */
    public Instance instance(int number) {
        return instances.get(number);
    }

    private static Instance instance(LogicalGraph.Operator operator) {
        checkTypes(operator);
        StateDeclarations states = new StateDeclarations(operator.name());
        Instance instance = switch (operator.node()) {
            case Node.Read node -> new Instance(null, states, Optional.empty());
            case Node.Write node -> new Instance(null, states, Optional.empty());
            case Node.Map node -> new Instance(node.function(), states, Optional.empty());
            case Node.FlatMap node -> new Instance(node.function(), states, Optional.empty());
            case Node.Filter node -> new Instance(node.function(), states, Optional.empty());
            case Node.Apply node -> new Instance(node.factory().create(states), states, Optional.empty());
            case Node.ApplyKeyed node -> new Instance(node.factory().create(states), states, key(node.keyType()));
            case Node.ApplyConnected node -> new Instance(node.factory().create(states), states, key(node.keyType()));
            case Node.Reduce node -> new Instance(reducing(node, states), states, key(node.keyType()));
            case Node.Aggregate node -> new Instance(aggregating(node, states), states, key(node.keyType()));
        };
        states.seal();
        return instance;
    }

    @SuppressWarnings("unchecked") // the graph's builder has checked that types and function fit
    private static KeyedProcess<Object, Object, Object> reducing(Node.Reduce node, StateDeclarations states) {
        return new RunningReduce<>(
                states, (Type<Object>) node.valueType(), (dev.holdfast.api.ReduceFunction<Object>) node.function());
    }

    @SuppressWarnings("unchecked") // the graph's builder has checked that types and function fit
    private static KeyedProcess<Object, Object, Object> aggregating(Node.Aggregate node, StateDeclarations states) {
        return new RunningAggregate<>(
                states, (Type<Object>) node.accumulator(), (dev.holdfast.api.AggregateFunction<Object, Object, Object>)
                        node.function());
    }

    private static Optional<TypeSerializer<?>> key(Type<?> type) {
        return Optional.of(TypeSerializers.ofKey(type));
    }

    /** Finds types that have no serializer before anything runs. */
    private static void checkTypes(LogicalGraph.Operator operator) {
        if (operator.output() != null) {
            TypeSerializers.of(operator.output());
        }
        if (operator.node() instanceof Node.Read read) {
            Source<?, ?, ?> source = read.source();
            TypeSerializers.of(source.splitType());
            TypeSerializers.of(source.enumeratorType());
        }
        if (operator.node() instanceof Node.Write write && write.sink() instanceof TransactionalSink<?, ?> sink) {
            TypeSerializers.of(sink.committableType());
        }
    }

    /** What travels on an edge needs a serializer, also where this run sends it by reference: another one may not. */
    private static void checkType(LogicalGraph graph, Edge edge) {
        try {
            TypeSerializers.of(edge.type());
        } catch (HoldfastException e) {
            String side = edge.side() == null ? "" : " by side output '" + edge.side() + "'";
            throw new HoldfastException(
                    e.code(),
                    "records from '" + graph.operators().get(edge.from()).name() + "'" + side + " to '"
                            + graph.operators().get(edge.to()).name() + "': " + e.text(),
                    e);
        }
    }

    private static List<Plan.PlanState> planStates(StateDeclarations states) {
        return states.declared().stream().map(Program::planState).toList();
    }

    private static Plan.PlanState planState(StateDeclaration state) {
        return new Plan.PlanState(
                state.name(), state.kind().name(), state.schemas().toString());
    }
}
