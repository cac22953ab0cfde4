package dev.holdfast.engine.graph;

import dev.holdfast.api.type.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program as its calls described it: operators in the order in which they were added, and the edges between them.
 * Holds the function objects of one run of the program, so it belongs to one slot.
 *
 * @param operators at index i the operator with number i; inputs come before what reads them
 */
public record LogicalGraph(List<Operator> operators, List<Edge> edges, int maxParallelism) {
    public LogicalGraph {
        operators = List.copyOf(operators);
        edges = List.copyOf(edges);
    }

    /** Edges into an operator, in the order in which they were made. */
    public List<Edge> inputs(int operator) {
        return edges.stream().filter(edge -> edge.to() == operator).toList();
    }

    /** Edges out of an operator, in the order in which they were made. */
    public List<Edge> outputs(int operator) {
        return edges.stream().filter(edge -> edge.from() == operator).toList();
    }

    /**
     * One operator.
     *
     * @param number index in the graph
     * @param name given by the user, or made from kind and number where there is no state
     * @param node what it does
     * @param output type of what it emits, null for a sink
     * @param parallelism number of its tasks
     */
    public record Operator(
            int number, String name, Node node, @Nullable Type<?> output, int parallelism) {}
}
