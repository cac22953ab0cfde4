package dev.holdfast.engine.exchange.network;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;

/**
 * A channel within one attempt.
 *
 * @param edge number of the edge in the graph
 * @param from subtask that writes
 * @param to subtask that reads
 */
public record ChannelId(int edge, int from, int to) {
    void write(DataWriter out) {
        out.writeVarInt(edge);
        out.writeVarInt(from);
        out.writeVarInt(to);
    }

    static ChannelId read(DataReader in) {
        return new ChannelId(in.readVarInt(), in.readVarInt(), in.readVarInt());
    }

    @Override
    public String toString() {
        return "edge " + edge + " from subtask " + from + " to " + to;
    }
}
