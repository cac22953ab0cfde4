package dev.holdfast.engine.task;

import dev.holdfast.api.KeySelector;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.exchange.ChannelReader;
import dev.holdfast.engine.exchange.ChannelWriter;
import dev.holdfast.engine.exchange.InputGate;
import dev.holdfast.engine.exchange.Ring;
import dev.holdfast.engine.exchange.network.ChannelId;
import dev.holdfast.engine.exchange.network.Exchange;
import dev.holdfast.engine.graph.Chaining;
import dev.holdfast.engine.graph.Edge;
import dev.holdfast.engine.graph.LogicalGraph;
import dev.holdfast.engine.graph.Partitioning;
import dev.holdfast.engine.protocol.Placement;
import dev.holdfast.engine.protocol.WorkerAddress;
import dev.holdfast.engine.type.TypeSerializer;
import dev.holdfast.engine.type.TypeSerializers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The channels of one attempt in one worker: a ring where both tasks run here, a channel of the exchange where one of them does.
 * Rings are made before the tasks; each channel has one writer and one reader.
 */
public final class Wiring {
    /** Batches in flight in one ring: 8,192 records, a few milliseconds of work, so that barriers do not wait long. */
    private static final int RING_BATCHES = 16;

    private final Map<ChannelId, Ring> rings = new HashMap<>();
    private final Placement placement;
    private final int worker;
    private final @Nullable Exchange exchange;
    private final long windowBytes;

    private Wiring(Placement placement, int worker, @Nullable Exchange exchange, long windowBytes) {
        this.placement = placement;
        this.worker = worker;
        this.exchange = exchange;
        this.windowBytes = windowBytes;
    }

    /**
     * Makes the rings.
     *
     * @param worker number of this worker
     * @param exchange channels to other workers; null where this is the only one
     * @param networkBytes memory for what has come from other workers and was not read yet
     */
    public static Wiring of(
            LogicalGraph graph, Placement placement, int worker, @Nullable Exchange exchange, long networkBytes) {
        List<ChannelId> local = new ArrayList<>();
        int remote = 0;
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
                    boolean reads = placement.workerOfSlot().get(to) == worker;
                    if (!connects(edge, from, to) || !reads) {
                        continue;
                    }
                    if (placement.workerOfSlot().get(from) == worker) {
                        local.add(new ChannelId(number, from, to));
                    } else {
                        remote++;
                    }
                }
            }
        }
        Wiring wiring = new Wiring(placement, worker, exchange, networkBytes / Math.max(1, remote));
        local.forEach(id -> wiring.rings.put(id, new Ring(RING_BATCHES)));
        return wiring;
    }

    /** The ways from one subtask out of an edge, in order of the tasks behind it. */
    List<? extends ChannelWriter> writers(LogicalGraph graph, Edge edge, int from) {
        int number = graph.edges().indexOf(edge);
        List<ChannelWriter> writers = new ArrayList<>();
        for (int to = 0; to < graph.operators().get(edge.to()).parallelism(); to++) {
            if (connects(edge, from, to)) {
                ChannelId id = new ChannelId(number, from, to);
                Ring ring = rings.get(id);
                writers.add(ring != null ? ring : exchange().output(id, incarnation(to), serializer(edge)));
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
                if (connects(edge, from, to)) {
                    channels.add(new InputGate.Channel(reader(edge, new ChannelId(number, from, to)), edge.input()));
                }
            }
        }
        return channels.isEmpty() ? null : new InputGate(channels);
    }

    private ChannelReader reader(Edge edge, ChannelId id) {
        Ring ring = rings.get(id);
        return ring != null
                ? ring
                : exchange().input(id, incarnation(id.from()), serializer(edge), selector(edge), windowBytes);
    }

    @SuppressWarnings("unchecked") // the typed builder of the graph made sure that the edge carries values of its type
    private static TypeSerializer<Object> serializer(Edge edge) {
        return TypeSerializers.of((Type<Object>) edge.type());
    }

    @SuppressWarnings("unchecked") // see serializer()
    private static @Nullable KeySelector<Object, Object> selector(Edge edge) {
        return edge.partitioning() instanceof Partitioning.Keyed keyed
                ? (KeySelector<Object, Object>) keyed.selector()
                : null;
    }

    private Exchange exchange() {
        if (exchange == null) {
            throw new IllegalStateException("worker " + worker + " has no exchange, but shares the job: " + placement);
        }
        return exchange;
    }

    private long incarnation(int slot) {
        Placement.Member member = placement.at(slot);
        return member.address()
                .map(WorkerAddress::incarnation)
                .orElseThrow(() -> new IllegalStateException("worker " + member.name() + " has no address"));
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
