package dev.holdfast.engine.exchange.network;

import dev.holdfast.api.KeySelector;
import dev.holdfast.api.type.DataReader;
import dev.holdfast.engine.env.Clock;
import dev.holdfast.engine.exchange.ChannelReader;
import dev.holdfast.engine.exchange.ChannelWriter;
import dev.holdfast.engine.type.TypeSerializer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The channels of one attempt that lead to other workers and come from them. Channels are made while the attempt deploys; records
 * come only after all workers have deployed, so each frame finds its channel. Frames of other attempts are dropped: they are what
 * is still under way of one that has ended.
 */
public final class Exchange {
    private final long attempt;
    private final Clock clock;
    private final Map<Long, Peer> peers;
    private final Map<ChannelId, NetworkInput> inputs = new ConcurrentHashMap<>();
    private final Map<ChannelId, NetworkOutput> outputs = new ConcurrentHashMap<>();
    private boolean connected;

    Exchange(long attempt, Clock clock, Map<Long, Peer> peers) {
        this.attempt = attempt;
        this.clock = clock;
        this.peers = Map.copyOf(peers);
    }

    /**
     * A channel to a task of another worker.
     *
     * @param incarnation of that worker
     */
    public ChannelWriter output(ChannelId id, long incarnation, TypeSerializer<Object> serializer) {
        NetworkOutput output = new NetworkOutput(attempt, id, peer(incarnation), serializer);
        outputs.put(id, output);
        return output;
    }

    /**
     * A channel from a task of another worker.
     *
     * @param incarnation of that worker
     * @param selector of a keyed edge; called on the reading task's thread
     * @param maxWindowBytes the channel's share of the memory for the network
     */
    public ChannelReader input(
            ChannelId id,
            long incarnation,
            TypeSerializer<Object> serializer,
            @Nullable KeySelector<Object, Object> selector,
            long maxWindowBytes) {
        NetworkInput input =
                new NetworkInput(attempt, id, peer(incarnation), serializer, selector, clock, maxWindowBytes);
        inputs.put(id, input);
        return input;
    }

    long attempt() {
        return attempt;
    }

    boolean isConnected() {
        return connected;
    }

    /** All peers are there; on the worker's thread. */
    void connected() {
        connected = true;
    }

    Map<Long, Peer> peers() {
        return peers;
    }

    /** A frame from a peer, behind the greeting. Throws {@link IllegalStateException} if it is damaged. */
    void received(byte[] frame) {
        DataReader in = new DataReader(frame);
        Frames.Head head = Frames.Head.read(in);
        if (head.attempt() != attempt) {
            return;
        }
        switch (head.kind()) {
            case Frames.DATA -> {
                NetworkInput input = inputs.get(head.channel());
                if (input == null) {
                    throw new IllegalStateException("no channel for " + head.channel() + " in attempt " + attempt);
                }
                input.received(frame, in.position());
            }
            case Frames.CREDIT -> {
                NetworkOutput output = outputs.get(head.channel());
                if (output == null) {
                    throw new IllegalStateException("no channel for a credit of " + head.channel());
                }
                output.grant(in.readVarLong());
            }
            default -> throw new IllegalStateException("a frame of kind " + head.kind() + " behind the greeting");
        }
    }

    private Peer peer(long incarnation) {
        Peer peer = peers.get(incarnation);
        if (peer == null) {
            throw new IllegalStateException("no peer " + Long.toHexString(incarnation) + " in attempt " + attempt);
        }
        return peer;
    }
}
