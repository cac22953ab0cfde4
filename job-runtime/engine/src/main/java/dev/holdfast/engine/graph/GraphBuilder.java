package dev.holdfast.engine.graph;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.Stream;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.connector.Source;
import dev.holdfast.api.type.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program and writes down what it asks for.
 *
 * <ol>
 *   <li>Each call adds an operator with its edges; names are checked at once, so the stack shows the wrong line.
 *   <li>When the program has ended, parallelism is filled in and edges between unequal numbers of tasks become rebalancing.
 *   <li>The whole is checked: at least one source, every stream ends somewhere.
 * </ol>
 */
public final class GraphBuilder implements StreamGraph {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,100}");

    private final int parallelism;
    private final int maxParallelism;
    private final List<Draft> drafts = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Map<Integer, Integer> parallelisms = new HashMap<>();

    private GraphBuilder(int parallelism, int maxParallelism) {
        this.parallelism = parallelism;
        this.maxParallelism = maxParallelism;
    }

    /**
     * Runs a program.
     *
     * @param parallelism of operators that set none
     * @throws HoldfastException HF-PLN-… if what it describes cannot run
     */
    public static LogicalGraph build(
            StreamProgram program, Parameters parameters, int parallelism, int maxParallelism) {
        if (maxParallelism < 1 || maxParallelism > KeyGroups.MAX_KEY_GROUPS) {
            throw new HoldfastException(
                    "HF-PLN-007",
                    "maximum parallelism is " + maxParallelism + "; it must be 1 to " + KeyGroups.MAX_KEY_GROUPS);
        }
        GraphBuilder builder = new GraphBuilder(parallelism, maxParallelism);
        builder.checkParallelism("the job", parallelism);
        program.define(builder, parameters);
        builder.ended.set(true);
        return builder.finish();
    }

    @Override
    public <T> Stream<T> source(String name, Source<T, ?, ?> source) {
        return new BuiltStream<>(this, add(name, new Node.Read(source), source.type(), List.of()));
    }

    /** Adds an operator whose name the user gave. */
    int add(String name, Node node, @Nullable Type<?> output, List<Upstream> inputs) {
        checkOpen(node.kind() + " '" + name + "'");
        if (!NAME.matcher(name).matches()) {
            throw new HoldfastException(
                    "HF-PLN-001",
                    "the name '" + name + "' of a " + node.kind()
                            + " is not 1 to 100 letters, digits, '-', '_' or '.'. Names are the identity of state.");
        }
        if (!names.add(name)) {
            throw new HoldfastException(
                    "HF-PLN-002",
                    "two operators have the name '" + name + "'. Names are the identity of state: give each its own.");
        }
        return append(name, node, output, inputs);
    }

    /** Adds an operator without state, which needs no name of the user's. */
    int addNameless(Node node, Type<?> output, List<Upstream> inputs) {
        checkOpen(node.kind());
        return append(node.kind() + "#" + drafts.size(), node, output, inputs);
    }

    private int append(String name, Node node, @Nullable Type<?> output, List<Upstream> inputs) {
        int number = drafts.size();
        drafts.add(new Draft(name, node, output));
        for (Upstream input : inputs) {
            edges.add(new Edge(
                    input.operator(), input.side(), input.partitioning(), number, input.input(), input.type()));
        }
        return number;
    }

    void setParallelism(int operator, int tasks) {
        checkOpen("parallelism of operator '" + name(operator) + "'");
        checkParallelism("operator '" + name(operator) + "'", tasks);
        parallelisms.put(operator, tasks);
    }

    /** Type of what an operator emits; not for sinks. */
    Type<?> output(int operator) {
        return Objects.requireNonNull(drafts.get(operator).output());
    }

    Node node(int operator) {
        return drafts.get(operator).node();
    }

    String name(int operator) {
        return drafts.get(operator).name();
    }

    private void checkParallelism(String what, int tasks) {
        if (tasks < 1 || tasks > maxParallelism) {
            throw new HoldfastException(
                    "HF-PLN-003",
                    "parallelism of " + what + " is " + tasks + "; it must be 1 to the job's maximum parallelism, "
                            + maxParallelism);
        }
    }

    private void checkOpen(String what) {
        if (ended.get()) {
            throw new HoldfastException(
                    "HF-PLN-004",
                    what + " was added after the program's define method returned. Describe the whole job in it.");
        }
    }

    private LogicalGraph finish() {
        List<LogicalGraph.Operator> operators = new ArrayList<>();
        for (Draft draft : drafts) {
            int tasks = parallelisms.getOrDefault(operators.size(), parallelism);
            operators.add(
                    new LogicalGraph.Operator(operators.size(), draft.name(), draft.node(), draft.output(), tasks));
        }
        if (operators.stream().noneMatch(operator -> operator.node() instanceof Node.Read)) {
            throw new HoldfastException("HF-PLN-005", "the program has no source. Begin with graph.source(...).");
        }
        for (LogicalGraph.Operator operator : operators) {
            boolean read = edges.stream().anyMatch(edge -> edge.from() == operator.number());
            if (!read && !(operator.node() instanceof Node.Write)) {
                throw new HoldfastException(
                        "HF-PLN-006",
                        "nothing reads the output of " + operator.node().kind() + " '" + operator.name()
                                + "'. End every stream in a sink.");
            }
        }
        List<Edge> fitting = edges.stream()
                .map(edge -> fit(edge, operators.get(edge.from()), operators.get(edge.to())))
                .toList();
        return new LogicalGraph(operators, fitting, maxParallelism);
    }

    private static Edge fit(Edge edge, LogicalGraph.Operator from, LogicalGraph.Operator to) {
        if (edge.partitioning() instanceof Partitioning.Forward && from.parallelism() != to.parallelism()) {
            return new Edge(
                    edge.from(), edge.side(), new Partitioning.Rebalance(), edge.to(), edge.input(), edge.type());
        }
        return edge;
    }

    /** Where a stream comes from: an operator's output and how the next operator gets it. */
    record Upstream(int operator, @Nullable String side, Partitioning partitioning, int input, Type<?> type) {
        Upstream with(Partitioning other) {
            return new Upstream(operator, side, other, input, type);
        }

        Upstream asInput(int number) {
            return new Upstream(operator, side, partitioning, number, type);
        }
    }

    private record Draft(String name, Node node, @Nullable Type<?> output) {}
}
