package dev.holdfast.engine.graph;

import dev.holdfast.api.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What runs: chains of operators and the edges between them, as plain values. Equal in every process that runs the same
 * program with the same parameters.
 *
 * @param vertices at index i the vertex with number i; inputs come before what reads them
 */
public record Plan(int maxParallelism, List<Vertex> vertices) {
    public Plan {
        vertices = List.copyOf(vertices);
    }

    /**
     * A chain of operators that run in one task, connected by calls.
     *
     * @param operators in the order in which a record meets them; the first is the head
     * @param inputs where the head's records come from; none for a source
     */
    public record Vertex(int number, int parallelism, List<PlanOperator> operators, List<Input> inputs) {
        public Vertex {
            operators = List.copyOf(operators);
            inputs = List.copyOf(inputs);
        }

        /** Name for people: the operators' names. */
        public String name() {
            return String.join(
                    " -> ", operators.stream().map(PlanOperator::name).toList());
        }
    }

    /**
     * One operator of a chain.
     *
     * @param number in the {@link LogicalGraph}
     * @param states what it declared, in order of declaration
     */
    public record PlanOperator(int number, String name, String kind, List<PlanState> states) {
        public PlanOperator {
            states = List.copyOf(states);
        }
    }

    /**
     * A declared state.
     *
     * @param kind such as {@code value} or {@code union list}
     * @param schema readable form of the schema
     */
    public record PlanState(String name, String kind, String schema) {}

    /**
     * A way into a vertex.
     *
     * @param vertex number of the vertex that emits
     * @param operator number of the operator in it that emits
     * @param side name of the side output, or null
     * @param partitioning label, see {@link Partitioning#label}
     * @param input 0, or 1 for the broadcast side
     */
    public record Input(int vertex, int operator, @Nullable String side, String partitioning, int input) {}

    /** Slots that the plan needs: each slot runs at most one task of each vertex. */
    public int slots() {
        return vertices.stream().mapToInt(Vertex::parallelism).max().orElse(1);
    }

    /** Tasks of all vertices. */
    public int tasks() {
        return vertices.stream().mapToInt(Vertex::parallelism).sum();
    }

    /** SHA-256 of {@link #describe}, as hexadecimal text. */
    public String fingerprint() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", describe()).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new HoldfastException("HF-PLN-011", "this JVM has no SHA-256", e);
        }
    }

    /** The plan as text, a line for each vertex: what fingerprints are made of. */
    public List<String> describe() {
        return vertices.stream()
                .map(vertex -> "vertex " + vertex.number() + " x" + vertex.parallelism() + "/" + maxParallelism + " "
                        + vertex.operators() + " from " + vertex.inputs())
                .toList();
    }

    /**
     * The first difference between two plans as {@link #describe} gives them, in words; empty if they are equal.
     *
     * @param here whose plan the first is
     * @param there whose plan the second is
     */
    public static Optional<String> difference(List<String> mine, List<String> theirs, String here, String there) {
        for (int i = 0; i < Math.max(mine.size(), theirs.size()); i++) {
            String first = i < mine.size() ? mine.get(i) : "no vertex " + i;
            String second = i < theirs.size() ? theirs.get(i) : "no vertex " + i;
            if (!first.equals(second)) {
                return Optional.of(
                        "vertex " + i + " differs: " + here + " has " + first + ", " + there + " has " + second);
            }
        }
        return Optional.empty();
    }
}
