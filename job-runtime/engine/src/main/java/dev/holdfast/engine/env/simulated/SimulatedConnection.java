package dev.holdfast.engine.env.simulated;

import dev.holdfast.engine.env.Connection;
import dev.holdfast.engine.env.simulated.Pipe.Packet;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One side of a connection.
 *
 * <p>CONNECTING becomes OPEN when the server has accepted, CLOSING by {@link #close}, a handler that threw or a peer that does not read, and
 * CLOSED when the other side has closed, the network broke it or a deadline has passed. It is CLOSED without a word if its process is killed.
 */
final class SimulatedConnection implements Connection {
    private static final long CLOSE_WITHIN_NS = 1_000_000_000;
    private static final long HANDLE_NS = 5_000;

    private enum Phase {
        CONNECTING,
        OPEN,
        CLOSING,
        CLOSED
    }

    private final SimulatedNetwork network;
    private final SimulatedProcess process;
    private final String remote;
    private final String peer;
    private final Handler handler;
    private final Pipe pipe;
    private final ArrayDeque<Packet> inbox = new ArrayDeque<>();
    private @Nullable SimulatedConnection other;
    private Phase phase = Phase.CONNECTING;
    private String closeReason = "closed";

    SimulatedConnection(
            SimulatedNetwork network, SimulatedProcess process, String remote, String peer, Handler handler) {
        this.network = network;
        this.process = process;
        this.remote = remote;
        this.peer = peer;
        this.handler = handler;
        pipe = new Pipe(
                network.world(),
                process,
                network.link(process.name(), remote),
                network.link(remote, process.name()),
                this::arriveAtOther);
    }

    @Override
    public boolean send(Lane lane, byte[] frame, int length) {
        if (length < 0 || length > frame.length || length > MAX_FRAME_BYTES) {
            throw new IllegalArgumentException("frame of " + length + " bytes in an array of " + frame.length
                    + ", expected at most " + MAX_FRAME_BYTES);
        }
        if (phase != Phase.CONNECTING && phase != Phase.OPEN) {
            return false;
        }
        if (lane == Lane.CONTROL && pipe.controlBytes() + length > MAX_WAITING_CONTROL_BYTES) {
            endSoon("HF-NET-021: it leaves more than " + MAX_WAITING_CONTROL_BYTES + " bytes of control frames unread");
            return false;
        }
        byte[] exact = length == frame.length ? frame : Arrays.copyOf(frame, length);
        network.watcher().sent(process.name(), remote, lane, exact);
        pipe.add(new Packet.Frame(lane, exact));
        return true;
    }

    @Override
    public long waitingDataBytes() {
        return phase == Phase.CONNECTING || phase == Phase.OPEN ? pipe.dataBytes() : 0;
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public void close(String reason) {
        switch (phase) {
            case CONNECTING -> endSoon(reason);
            case OPEN -> {
                phase = Phase.CLOSING;
                closeReason = reason;
                pipe.dropData();
                pipe.add(new Packet.Goodbye(reason));
                process.after(CLOSE_WITHIN_NS, () -> end(reason));
            }
            case CLOSING, CLOSED -> {}
        }
    }

    @Override
    public String toString() {
        return "connection of " + process.name() + " with " + peer;
    }

    SimulatedProcess process() {
        return process;
    }

    boolean isBetween(String a, String b) {
        String own = process.name();
        return (own.equals(a) && remote.equals(b)) || (own.equals(b) && remote.equals(a));
    }

    boolean isConnecting() {
        return phase == Phase.CONNECTING;
    }

    boolean isAccepted() {
        return other != null;
    }

    /** On the server's side: opens it, and tells the client. */
    void accept(SimulatedConnection client) {
        other = client;
        client.other = this;
        phase = Phase.OPEN;
        pipe.travel(new Packet.Welcome());
        pipe.start();
        call(h -> h.opened(this));
    }

    void cannotOpen(String why) {
        if (phase == Phase.CONNECTING) {
            end("HF-NET-023: cannot connect to " + peer + ": " + why);
        }
    }

    /** The network breaks: nothing under way arrives, and the process hears of it. One that is not accepted yet just tries again. */
    void cut() {
        if (other == null) {
            return;
        }
        pipe.sever();
        process.after(network.world().around(HANDLE_NS), () -> broken("reset by the network"));
    }

    /** What the kernel does for a process that is gone: it ends the stream, or resets it where bytes were unread. */
    void processKilled() {
        String how =
                pipe.isWriting() ? "reset by the peer, in the middle of a frame" : "closed by the peer without a word";
        if (network.world().oneIn(2)) {
            pipe.loseFrames();
        }
        phase = Phase.CLOSED;
        network.remove(this);
        pipe.close();
        pipe.travel(new Packet.End(how));
    }

    /** As {@link #close}, without waiting for the other side. */
    void endAtOnce(String reason) {
        if (phase == Phase.OPEN) {
            pipe.flush();
            pipe.travel(new Packet.Goodbye(reason));
        }
        end(phase == Phase.CLOSING ? closeReason : reason);
    }

    private void arriveAtOther(Packet packet) {
        SimulatedConnection there = other;
        if (there != null && there.phase != Phase.CLOSED) {
            there.inbox.add(packet);
            there.process.after(network.world().around(HANDLE_NS), there::takeNext);
        }
    }

    /** There is one call for each packet, so it does not matter in which order a process that wakes up makes them. */
    private void takeNext() {
        Packet packet = inbox.poll();
        SimulatedConnection there = other;
        if (packet == null || there == null || phase == Phase.CLOSED) {
            return;
        }
        there.pipe.taken(packet);
        switch (packet) {
            case Packet.Welcome welcome -> {
                if (phase == Phase.CONNECTING) {
                    phase = Phase.OPEN;
                    pipe.start();
                    call(h -> h.opened(this));
                }
            }
            case Packet.Frame frame -> {
                if (phase == Phase.OPEN) {
                    call(h -> h.received(this, frame.lane(), frame.bytes()));
                }
            }
            case Packet.Goodbye goodbye -> broken("closed by the peer: " + goodbye.reason());
            case Packet.End end -> broken(end.how());
        }
    }

    private void broken(String how) {
        end(phase == Phase.CLOSING ? closeReason : how);
    }

    private void endSoon(String reason) {
        phase = Phase.CLOSING;
        closeReason = reason;
        process.after(network.world().around(HANDLE_NS), () -> end(reason));
    }

    private void end(String reason) {
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.CLOSED;
        network.remove(this);
        pipe.close();
        inbox.clear();
        if (other != null) {
            pipe.travel(new Packet.End("closed by the peer without a word"));
        }
        network.world().note(this + " ends: " + reason);
        try {
            handler.closed(this, reason);
        } catch (Coroutine.Killed killed) {
            throw killed;
        } catch (Throwable thrown) {
            network.world().note(this + ": its handler threw " + thrown);
        }
    }

    private void call(Consumer<Handler> what) {
        try {
            what.accept(handler);
        } catch (Coroutine.Killed killed) {
            throw killed;
        } catch (Throwable thrown) {
            network.world().note(this + ": its handler threw " + thrown);
            close("HF-NET-022: the handler of the connection threw " + thrown);
        }
    }
}
