package dev.holdfast.engine.env.simulated;

import dev.holdfast.engine.env.Connection.Lane;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection: what waits, what is being written, and what is under way.
 *
 * <ol>
 *   <li>Packets wait in two lanes. While the window has room, one at a time is written, control first; that takes as long as the link is slow.
 *   <li>A packet that is written travels; it arrives a latency later, never before one that was written earlier. In a partition it is held.
 *   <li>When the receiver has taken it, the window has room again a latency later, unless that news meets a partition.
 * </ol>
 */
final class Pipe {
    /** What the kernels of both sides hold for a receiver that does not read; larger than one frame. */
    private static final long WINDOW_BYTES = 1 << 20;

    /** What goes over a connection. */
    sealed interface Packet {
        record Frame(Lane lane, byte[] bytes) implements Packet {}

        /** The server has accepted. */
        record Welcome() implements Packet {}

        /** The last that a side sends which closes in order. */
        record Goodbye(String reason) implements Packet {}

        /** The end of the stream. */
        record End(String how) implements Packet {}
    }

    private final SimulatedWorld world;
    private final SimulatedProcess sender;
    private final Link forth;
    private final Link back;
    private final Consumer<Packet> arrived;
    private final ArrayDeque<Packet> control = new ArrayDeque<>();
    private final ArrayDeque<Packet.Frame> data = new ArrayDeque<>();
    private final ArrayDeque<Packet> held = new ArrayDeque<>();
    private @Nullable Packet writing;
    private long controlBytes;
    private long dataBytes;
    private long unread;
    private long lastArrivalNs;
    private boolean started;
    private boolean severed;
    private boolean losesFrames;

    Pipe(SimulatedWorld world, SimulatedProcess sender, Link forth, Link back, Consumer<Packet> arrived) {
        this.world = world;
        this.sender = sender;
        this.forth = forth;
        this.back = back;
        this.arrived = arrived;
    }

    long controlBytes() {
        return controlBytes;
    }

    long dataBytes() {
        return dataBytes;
    }

    boolean isWriting() {
        return writing != null;
    }

    void add(Packet packet) {
        if (packet instanceof Packet.Frame frame && frame.lane() == Lane.DATA) {
            dataBytes += frame.bytes().length;
            data.add(frame);
        } else {
            controlBytes += length(packet);
            control.add(packet);
        }
        write();
    }

    /** The connection is open: what waits may go. */
    void start() {
        started = true;
        write();
    }

    void dropData() {
        data.clear();
        dataBytes = writing instanceof Packet.Frame frame && frame.lane() == Lane.DATA ? frame.bytes().length : 0;
    }

    /** Hands all control packets to the network at once, as a process does that ends. */
    void flush() {
        dropData();
        control.forEach(this::travel);
        control.clear();
    }

    /** Drops what waits; what travels goes on. */
    void close() {
        control.clear();
        data.clear();
        controlBytes = 0;
        dataBytes = 0;
        writing = null;
    }

    /** Nothing arrives any more. */
    void sever() {
        severed = true;
        held.clear();
    }

    /** Frames under way are lost, and the end of the stream comes in their place. */
    void loseFrames() {
        losesFrames = true;
    }

    void travel(Packet packet) {
        if (!forth.partitioned) {
            arriveLater(packet);
            return;
        }
        if (held.isEmpty()) {
            forth.whenHealed(this::healed);
        }
        held.add(packet);
    }

    /** The receiver has taken a packet. */
    void taken(Packet packet) {
        int bytes = length(packet);
        if (back.partitioned) {
            back.whenHealed(() -> receipt(bytes));
        } else {
            receipt(bytes);
        }
    }

    private void healed() {
        held.forEach(this::arriveLater);
        held.clear();
    }

    private void arriveLater(Packet packet) {
        lastArrivalNs = Math.max(lastArrivalNs + 1, world.nowNs() + world.around(forth.latencyNs));
        world.after(lastArrivalNs - world.nowNs(), () -> {
            if (!severed && !(losesFrames && packet instanceof Packet.Frame)) {
                arrived.accept(packet);
            }
        });
    }

    private void receipt(long bytes) {
        world.after(world.around(back.latencyNs), () -> {
            unread -= bytes;
            write();
        });
    }

    private void write() {
        if (!started || writing != null || unread >= WINDOW_BYTES) {
            return;
        }
        Packet next = control.isEmpty() ? data.poll() : control.poll();
        if (next == null) {
            return;
        }
        writing = next;
        unread += length(next);
        sender.after(forth.writeNs(length(next)), () -> {
            if (writing == null) {
                return;
            }
            writing = null;
            if (next instanceof Packet.Frame frame && frame.lane() == Lane.DATA) {
                dataBytes -= length(next);
            } else {
                controlBytes -= length(next);
            }
            travel(next);
            write();
        });
    }

    private static int length(Packet packet) {
        return packet instanceof Packet.Frame frame ? frame.bytes().length : 0;
    }
}
