package dev.holdfast.engine.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * From a logical graph to a plan. An operator joins the chain of its input if it has exactly one, which reaches it by a
 * forward edge; else it is the head of a vertex of its own. A chain can branch: it is a tree of calls.
 */
public final class Chaining {
    private Chaining() {}

    /**
     * Makes the plan.
     *
     * @param states the declared states of an operator, by its number
     */
    public static Plan plan(LogicalGraph graph, IntFunction<List<Plan.PlanState>> states) {
        int[] vertexOf = vertexOf(graph);
        List<Plan.Vertex> vertices = new ArrayList<>();
        for (LogicalGraph.Operator head : graph.operators()) {
            int number = vertexOf[head.number()];
            if (number != vertices.size()) {
                continue;
            }
            List<Plan.PlanOperator> operators = graph.operators().stream()
                    .filter(operator -> vertexOf[operator.number()] == number)
                    .map(operator -> new Plan.PlanOperator(
                            operator.number(),
                            operator.name(),
                            operator.node().kind(),
                            states.apply(operator.number())))
                    .toList();
            List<Plan.Input> inputs = graph.inputs(head.number()).stream()
                    .map(edge -> new Plan.Input(
                            vertexOf[edge.from()],
                            edge.from(),
                            edge.side(),
                            edge.partitioning().label(),
                            edge.input()))
                    .toList();
            vertices.add(new Plan.Vertex(number, head.parallelism(), operators, inputs));
        }
        return new Plan(graph.maxParallelism(), vertices);
    }

    /** For each operator the number of the vertex it belongs to. */
    static int[] vertexOf(LogicalGraph graph) {
        int[] vertexOf = new int[graph.operators().size()];
        int vertices = 0;
        for (LogicalGraph.Operator operator : graph.operators()) {
            List<Edge> inputs = graph.inputs(operator.number());
            boolean joins = inputs.size() == 1 && isCall(inputs.getFirst());
            vertexOf[operator.number()] = joins ? vertexOf[inputs.getFirst().from()] : vertices++;
        }
        return vertexOf;
    }

    /** Whether records take an edge by a plain call. */
    public static boolean isCall(LogicalGraph graph, Edge edge) {
        return graph.inputs(edge.to()).size() == 1 && isCall(edge);
    }

    private static boolean isCall(Edge edge) {
        return edge.partitioning() instanceof Partitioning.Forward;
    }
}
