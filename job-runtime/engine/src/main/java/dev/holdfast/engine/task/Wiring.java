package dev.holdfast.engine.task;

import dev.holdfast.engine.exchange.ChannelWriter;
import dev.holdfast.engine.exchange.InputGate;
import dev.holdfast.engine.exchange.Ring;
import dev.holdfast.engine.graph.Chaining;
import dev.holdfast.engine.graph.Edge;
import dev.holdfast.engine.graph.LogicalGraph;
import dev.holdfast.engine.graph.Partitioning;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The channels of one attempt, made before its tasks. Immutable afterwards; each channel has one writer and one reader. */
public final class Wiring {
    /** Batches in flight in one channel: 8,192 records, a few milliseconds of work, so that barriers do not wait long. */
    private static final int CHANNEL_BATCHES = 16;

    private final Map<Place, Ring> rings = new HashMap<>();

    private record Place(int edge, int from, int to) {}

    private Wiring() {}

    /** Channels between all tasks of a job within one process. */
    public static Wiring within(LogicalGraph graph) {
        Wiring wiring = new Wiring();
        List<Edge> edges = graph.edges();
        for (int number = 0; number < edges.size(); number++) {
            Edge edge = edges.get(number);
            if (Chaining.isCall(graph, edge)) {
                continue;
            }
            int froms = graph.operators().get(edge.from()).parallelism();
            int tos = graph.operators().get(edge.to()).parallelism();
            for (int from = 0; from < froms; from++) {
                for (int to = 0; to < tos; to++) {
                    if (connects(edge, from, to)) {
                        wiring.rings.put(new Place(number, from, to), new Ring(CHANNEL_BATCHES));
                    }
                }
            }
        }
        return wiring;
    }

    /** The ways from one subtask out of an edge, in order of the tasks behind it. */
    List<? extends ChannelWriter> writers(LogicalGraph graph, Edge edge, int from) {
        int number = graph.edges().indexOf(edge);
        List<Ring> writers = new ArrayList<>();
        for (int to = 0; to < graph.operators().get(edge.to()).parallelism(); to++) {
            Ring ring = rings.get(new Place(number, from, to));
            if (ring != null) {
                writers.add(ring);
            }
        }
        return writers;
    }

    /** The input of a chain's head in one subtask, or null for a source. */
    @Nullable InputGate gate(LogicalGraph graph, int head, int to) {
        List<InputGate.Channel> channels = new ArrayList<>();
        for (Edge edge : graph.inputs(head)) {
            int number = graph.edges().indexOf(edge);
            for (int from = 0; from < graph.operators().get(edge.from()).parallelism(); from++) {
                Ring ring = rings.get(new Place(number, from, to));
                if (ring != null) {
                    channels.add(new InputGate.Channel(ring, edge.input()));
                }
            }
        }
        return channels.isEmpty() ? null : new InputGate(channels);
    }

    private static boolean connects(Edge edge, int from, int to) {
        return switch (edge.partitioning()) {
            case Partitioning.Forward forward -> from == to;
            case Partitioning.Rebalance rebalance -> true;
            case Partitioning.Broadcast broadcast -> true;
            case Partitioning.Keyed keyed -> true;
        };
    }
}
