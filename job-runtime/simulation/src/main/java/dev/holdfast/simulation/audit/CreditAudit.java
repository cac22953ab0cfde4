package dev.holdfast.simulation.audit;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.engine.env.Connection;
import java.util.HashMap;
import java.util.Map;

/**
 * I6 for channels between workers: who reads never lets the other side send more ahead than a window. It reads the frames as they are
 * sent, by the format that the engine documents: kind, attempt, channel (edge, from, to), then for a credit its limit.
 */
public final class CreditAudit {
    private static final int DATA = 2;
    private static final int CREDIT = 3;

    private final Audit audit;
    private final long mostWindowBytes;
    private final Map<Channel, Long> sentBytes = new HashMap<>();

    private record Channel(long attempt, int edge, int from, int to) {}

    /** @param mostWindowBytes the largest window that any channel may have */
    public CreditAudit(Audit audit, long mostWindowBytes) {
        this.audit = audit;
        this.mostWindowBytes = mostWindowBytes;
    }

    /** A worker sends a frame to another. */
    public void sent(Connection.Lane lane, byte[] frame) {
        DataReader in = new DataReader(frame, 0, frame.length);
        int kind = in.readByte();
        if (kind == DATA && lane == Connection.Lane.DATA) {
            sentBytes.merge(channel(in), (long) frame.length, Long::sum);
        } else if (kind == CREDIT && lane == Connection.Lane.CONTROL) {
            Channel channel = channel(in);
            long aheadBytes = in.readVarLong() - sentBytes.getOrDefault(channel, 0L);
            audit.count("credits");
            if (aheadBytes > mostWindowBytes) {
                audit.fail(
                        "I6",
                        channel + " may send " + aheadBytes + " bytes ahead, more than a window of " + mostWindowBytes);
            }
        }
    }

    private static Channel channel(DataReader in) {
        return new Channel(in.readVarLong(), in.readVarInt(), in.readVarInt(), in.readVarInt());
    }
}
