package dev.holdfast.transport.netty;

import dev.holdfast.engine.env.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One side of a connection. {@link #send}, {@link #close} and {@link #waitingDataBytes} are for any thread; all else runs on the
 * connection's event loop, and so do the calls of the handler.
 *
 * <p>CONNECTING becomes PROVING when there is a channel, OPEN when the peer has proved who it is, CLOSING by {@link #close} or a handler that
 * threw, CLOSED when the peer has closed, a fault was found or a deadline has passed. Each but CLOSED becomes CLOSED if the
 * channel breaks. Frames are handed on in OPEN alone.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails breaks the channel, and that is heard of
final class NettyConnection implements Connection, FrameDecoder.Sink {
    /** A frame that waits longer in the control lane of a closed connection is lost. */
    private static final int CLOSE_WITHIN_MS = 1_000;

    /** Bytes that one connection writes before others of its event loop have their turn; about 0.3 ms. */
    private static final int TURN_BYTES = 1 << 20;

    private enum Phase {
        CONNECTING,
        PROVING,
        OPEN,
        CLOSING,
        CLOSED
    }

    /** What ends with the connection: its place in the transport's numbers. */
    interface Owner {
        void proved(NettyConnection connection);

        void ended(NettyConnection connection, boolean proved);
    }

    private final EventLoop loop;
    private final String peer;
    private final Supplier<Handler> handlers;
    private final PeerLog log;
    private final Owner owner;
    private final Outbound outbound = new Outbound();
    private final FrameDecoder decoder = new FrameDecoder();
    private final Handshake handshake;
    private Phase phase = Phase.CONNECTING;
    private @Nullable Handler handler;
    private @Nullable Channel channel;
    private @Nullable Future<?> deadline;
    private String closeReason = "closed";
    private final boolean accepted;
    private boolean proved;
    private boolean draining;

    private NettyConnection(
            EventLoop loop,
            String peer,
            @Nullable Handler handler,
            Supplier<Handler> handlers,
            Handshake handshake,
            PeerLog log,
            Owner owner) {
        this.loop = loop;
        this.peer = peer;
        this.handler = handler;
        this.handlers = handlers;
        accepted = handler == null;
        this.handshake = handshake;
        this.log = log;
        this.owner = owner;
    }

    /** A connection that this process opens: its handler hears of it whatever comes. */
    static NettyConnection opened(
            EventLoop loop, String peer, Handler handler, Handshake handshake, PeerLog log, Owner owner) {
        return new NettyConnection(loop, peer, handler, () -> handler, handshake, log, owner);
    }

    /** A connection that was accepted: there is no handler before the peer has proved who it is. */
    static NettyConnection accepted(
            EventLoop loop, String peer, Supplier<Handler> handlers, Handshake handshake, PeerLog log, Owner owner) {
        return new NettyConnection(loop, peer, null, handlers, handshake, log, owner);
    }

    @Override
    public boolean send(Lane lane, byte[] frame, int length) {
        if (length < 0 || length > frame.length || length > MAX_FRAME_BYTES) {
            throw new IllegalArgumentException("frame of " + length + " bytes in an array of " + frame.length
                    + ", expected at most " + MAX_FRAME_BYTES);
        }
        return switch (outbound.offer(lane, frame, length)) {
            case QUEUED -> true;
            case WAKE -> onLoop(this::drain);
            case CLOSED -> false;
            case FULL -> {
                outbound.close();
                onLoop(() -> fail(new PeerException(
                        PeerException.UNREAD,
                        "it leaves more than " + MAX_WAITING_CONTROL_BYTES + " bytes of control frames unread")));
                yield false;
            }
        };
    }

    @Override
    public long waitingDataBytes() {
        return outbound.waitingDataBytes();
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public void close(String reason) {
        if (outbound.close()) {
            onLoop(() -> startClosing(reason));
        }
    }

    @Override
    public String toString() {
        return "connection with " + peer;
    }

    boolean isAccepted() {
        return accepted;
    }

    /** Ends it unless the peer has proved who it is by then. */
    void within(int timeoutMs) {
        deadline = loop.schedule(() -> tooLate(timeoutMs), timeoutMs, TimeUnit.MILLISECONDS);
    }

    /** There is a channel; false if it comes too late. */
    boolean attach(Channel attached) {
        if (phase != Phase.CONNECTING) {
            return false;
        }
        channel = attached;
        phase = Phase.PROVING;
        return true;
    }

    /** The channel can be written to, and TLS is through if it is used. */
    void begin() {
        write(handshake.begin());
    }

    /** Reads what has come; the caller releases the buffer. */
    void read(ByteBuf in) {
        try {
            while (phase == Phase.PROVING && in.isReadable()) {
                write(handshake.read(in));
                if (handshake.isDone()) {
                    open();
                }
            }
            if (phase == Phase.OPEN || phase == Phase.CLOSING) {
                decoder.read(in, this);
            }
        } catch (PeerException fault) {
            fail(fault);
        }
    }

    @Override
    public void frame(int kind, byte[] frame) {
        if (kind == Wire.GOODBYE) {
            end(phase == Phase.CLOSING ? closeReason : "closed by the peer: " + printable(frame));
        } else if (phase == Phase.OPEN && !outbound.isClosed()) {
            call(h -> h.received(this, kind == Wire.CONTROL ? Lane.CONTROL : Lane.DATA, frame));
        }
    }

    @Override
    public boolean wantsMore() {
        return phase == Phase.OPEN || phase == Phase.CLOSING;
    }

    /** Writes as much as the channel takes, and asks for another turn if there is more. */
    void drain() {
        outbound.drains();
        Channel open = channel;
        if (draining || open == null || (phase != Phase.OPEN && phase != Phase.CLOSING)) {
            return;
        }
        draining = true;
        int budget = TURN_BYTES;
        boolean more = true;
        while (more && budget > 0 && open.isWritable()) {
            while (open.isWritable()) {
                ByteBuf buffer = outbound.next(open.alloc());
                if (buffer == null) {
                    more = false;
                    break;
                }
                budget -= buffer.readableBytes();
                open.write(buffer, whenWritten(open, outbound.dataBytesInBuffer()));
            }
            open.flush();
        }
        draining = false;
        if (more && open.isWritable() && outbound.askForDrain()) {
            onLoop(this::drain);
        }
    }

    /** A fault of the peer: one line in the log, and the end. */
    void fail(PeerException fault) {
        if (phase != Phase.CLOSED) {
            log.warn(peer, fault);
            end(fault.text());
        }
    }

    /** The channel is gone. */
    void broken(String how) {
        switch (phase) {
            case CONNECTING -> end(PeerException.UNREACHABLE + ": cannot connect to " + peer + ": " + how);
            case PROVING -> leftBeforeProof(how);
            case OPEN -> end(decoder.isWithinFrame() ? how + ", in the middle of a frame" : how);
            case CLOSING -> end(closeReason);
            case CLOSED -> {}
        }
    }

    void end(String reason) {
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.CLOSED;
        outbound.drop();
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (channel != null) {
            channel.close();
        }
        owner.ended(this, proved);
        log.debug(peer, reason);
        Handler listener = handler;
        if (listener != null) {
            try {
                listener.closed(this, reason);
            } catch (Throwable thrown) {
                log.warn(peer, handlerThrew(thrown), thrown);
            }
        }
    }

    private void open() {
        if (deadline != null) {
            deadline.cancel(false);
        }
        phase = Phase.OPEN;
        proved = true;
        owner.proved(this);
        if (handler == null) {
            try {
                handler = handlers.get();
            } catch (Throwable thrown) {
                handlerFailed(thrown);
                return;
            }
        }
        call(h -> h.opened(this));
        drain();
    }

    private void leftBeforeProof(String how) {
        if (accepted && handshake.pendingBytes() == 0) {
            // A probe of Kubernetes or of a load balancer connects and leaves without a byte.
            end(how + " before the handshake");
            return;
        }
        PeerException fault = new PeerException(
                PeerException.HANDSHAKE,
                how + " during the handshake" + (accepted ? "" : "; if it refuses this process, its own log says why"));
        if (accepted) {
            fail(fault);
        } else {
            end(fault.text());
        }
    }

    private void tooLate(int timeoutMs) {
        if (phase == Phase.CONNECTING) {
            broken("no answer within " + timeoutMs + " ms");
        } else if (phase == Phase.PROVING) {
            fail(new PeerException(PeerException.HANDSHAKE, "it has not proved who it is within " + timeoutMs + " ms"));
        }
    }

    private void startClosing(String reason) {
        switch (phase) {
            case CONNECTING, PROVING -> end(reason);
            case OPEN -> {
                phase = Phase.CLOSING;
                closeReason = reason;
                byte[] text = reason.getBytes(StandardCharsets.UTF_8);
                outbound.goodbye(Arrays.copyOf(text, Math.min(text.length, Wire.MAX_GOODBYE_BYTES)));
                deadline = loop.schedule(() -> end(closeReason), CLOSE_WITHIN_MS, TimeUnit.MILLISECONDS);
                drain();
            }
            case CLOSING, CLOSED -> {}
        }
    }

    private void call(Consumer<Handler> what) {
        Handler listener = handler;
        if (listener != null) {
            try {
                what.accept(listener);
            } catch (Throwable thrown) {
                handlerFailed(thrown);
            }
        }
    }

    private void handlerFailed(Throwable thrown) {
        PeerException fault = handlerThrew(thrown);
        log.warn(peer, fault, thrown);
        outbound.close();
        startClosing(fault.text());
    }

    private static PeerException handlerThrew(Throwable thrown) {
        return new PeerException(
                PeerException.HANDLER, "the handler of the connection threw " + thrown + ". Report it with the log");
    }

    private void write(byte[] message) {
        Channel open = channel;
        if (message.length > 0 && open != null) {
            open.writeAndFlush(Unpooled.wrappedBuffer(message));
        }
    }

    private ChannelPromise whenWritten(Channel open, int dataBytes) {
        if (dataBytes == 0) {
            return open.voidPromise();
        }
        return open.newPromise().addListener(done -> outbound.written(dataBytes));
    }

    /** False if the event loop has ended, and the connection with it. */
    private boolean onLoop(Runnable action) {
        try {
            loop.execute(action);
            return true;
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }

    /** A peer's text as one line of a log. */
    private static String printable(byte[] text) {
        return new String(text, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", " ");
    }
}
