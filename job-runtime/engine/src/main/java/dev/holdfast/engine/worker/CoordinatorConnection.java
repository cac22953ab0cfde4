package dev.holdfast.engine.worker;

import dev.holdfast.engine.env.Clock;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.env.Transport;
import dev.holdfast.engine.link.MessageLink;
import dev.holdfast.engine.protocol.Message;
import dev.holdfast.engine.protocol.Session;
import dev.holdfast.engine.protocol.ToCoordinator;
import dev.holdfast.engine.protocol.ToWorker;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The worker's side of the {@link Session} with its coordinator. On the worker's thread.
 *
 * <pre>
 * APART      -> CONNECTING  at once at the start, then after a delay that grows to {@link #MAX_DELAY_MS}
 * CONNECTING -> GREETED     the connection is open, Hello is sent
 * GREETED    -> WELCOMED    the coordinator's generation has begun, and is not older than one this worker has seen
 * WELCOMED   -> READY       the host has made itself ready
 * READY      -> WELCOMED    the same coordinator has begun a newer generation
 * any        -> APART       the connection closed, or nothing was heard for the time-out
 * any        -> ENDED       {@link #end}, or the job has ended
 * </pre>
 *
 * The address is looked up anew for each connection, so a coordinator that moved is found. What was under way when a connection
 * broke may be lost, so nothing goes on over two connections: the host ends its attempt.
 */
final class CoordinatorConnection {
    private static final System.Logger LOG = System.getLogger(CoordinatorConnection.class.getName());

    private static final long FIRST_DELAY_MS = 20;

    /** A coordinator that starts is found within this. */
    private static final long MAX_DELAY_MS = 500;

    /** Until the coordinator's own settings are known: as long as a slow network and a busy process may take. */
    private static final long GREETING_TIMEOUT_MS = 10_000;

    /** Until then also: shorter than any interval between heartbeats that makes sense. */
    private static final long GREETING_HEARTBEAT_MS = 200;

    private enum State {
        APART,
        CONNECTING,
        GREETED,
        WELCOMED,
        READY,
        ENDED
    }

    private final Transport transport;
    private final Clock clock;
    private final Mailbox mailbox;
    private final Endpoint coordinator;
    private final LongFunction<Session.Hello> hello;
    private final Host host;
    private State state = State.APART;
    private @Nullable MessageLink link;
    private Session.@Nullable Welcome welcome;
    private long generation;
    private int tries;
    private long nextTryNs;
    private long heardNs;
    private long nextHeartbeatNs;
    private long lastStepNs;
    private String lastReason = "";

    /** What the worker does about its session. */
    interface Host {
        /** Let in: get ready, then call {@link #ready}. */
        void welcomed(Session.Welcome welcome);

        void received(ToWorker message);

        /** Apart from the coordinator: what was under way is lost. */
        void apart(String reason);

        /** The job has ended; no other connection follows. */
        void jobEnded(String text);
    }

    /** @param hello makes the greeting, given the newest generation this worker has worked for */
    CoordinatorConnection(
            Transport transport,
            Clock clock,
            Mailbox mailbox,
            Endpoint coordinator,
            LongFunction<Session.Hello> hello,
            Host host) {
        this.transport = transport;
        this.clock = clock;
        this.mailbox = mailbox;
        this.coordinator = coordinator;
        this.hello = hello;
        this.host = host;
        this.nextTryNs = clock.nowNs();
        this.lastStepNs = nextTryNs;
    }

    /**
     * The host is ready for work, or its plan differs; for the welcome that it got. False if a later one, or the loss of the
     * connection, has made this void.
     */
    boolean ready(Session.Welcome answered, String difference) {
        MessageLink open = link;
        if (state != State.WELCOMED || !answered.equals(welcome) || open == null) {
            return false;
        }
        state = State.READY;
        open.send(new Session.Ready(difference));
        return true;
    }

    /** Sends a message; one of an earlier session, or without a session, is dropped. */
    void send(ToCoordinator message) {
        Session.Welcome present = welcome;
        MessageLink open = link;
        if (state == State.READY && open != null && present != null && message.worker() == present.number()) {
            open.send(message);
        }
    }

    /** How the session is, with what is being done or waited for. */
    WorkerStatus status(long attempt) {
        WorkerStatus.Phase phase = switch (state) {
            case APART, CONNECTING -> WorkerStatus.Phase.LOOKING;
            case GREETED, WELCOMED -> WorkerStatus.Phase.PREPARING;
            case READY -> WorkerStatus.Phase.READY;
            case ENDED -> WorkerStatus.Phase.ENDING;
        };
        return new WorkerStatus(phase, generation, attempt, describe());
    }

    private String describe() {
        return switch (state) {
            case APART, CONNECTING ->
                "looking for the coordinator at " + coordinator + (lastReason.isEmpty() ? "" : ": " + lastReason);
            case GREETED -> "waiting for the coordinator's generation to begin";
            case WELCOMED -> "getting ready for generation " + generation;
            case READY -> "working for generation " + generation;
            case ENDED -> "ended";
        };
    }

    /** Connects when it is time, sends heartbeats, notices silence; true if it did something. */
    boolean step(long nowNs) {
        long sinceNs = nowNs - lastStepNs;
        lastStepNs = nowNs;
        if (sinceNs > timeoutNs() / 2) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "this process did not run for {0} ms: stopped, or out of processor time",
                    sinceNs / 1_000_000);
            heardNs = nowNs;
        }
        switch (state) {
            case APART -> {
                if (nowNs < nextTryNs) {
                    return false;
                }
                connect(nowNs);
                return true;
            }
            case CONNECTING, ENDED -> {
                return false;
            }
            case GREETED, WELCOMED, READY -> {
                return beat(nowNs);
            }
        }
        return false;
    }

    private void connect(long nowNs) {
        state = State.CONNECTING;
        heardNs = nowNs;
        MessageLink opening = new MessageLink(mailbox, new Links());
        link = opening;
        transport.connect(coordinator, opening.handler());
    }

    private boolean beat(long nowNs) {
        if (nowNs - heardNs > timeoutNs()) {
            MessageLink silent = link;
            if (silent != null) {
                silent.refuse("nothing was heard for " + (nowNs - heardNs) / 1_000_000 + " ms");
                apart(
                        silent,
                        "the coordinator at " + coordinator + " was silent for " + (nowNs - heardNs) / 1_000_000
                                + " ms");
            }
            return true;
        }
        if (nowNs < nextHeartbeatNs) {
            return false;
        }
        Session.Welcome present = welcome;
        nextHeartbeatNs = nowNs + (present == null ? GREETING_HEARTBEAT_MS : present.heartbeatMs()) * 1_000_000;
        if (link != null) {
            link.send(new Session.Heartbeat());
        }
        return true;
    }

    private long timeoutNs() {
        Session.Welcome present = welcome;
        return (present == null ? GREETING_TIMEOUT_MS : present.timeoutMs()) * 1_000_000;
    }

    /** Says goodbye and closes; no other connection follows. */
    void end(String reason) {
        MessageLink open = link;
        if (open != null && state != State.ENDED) {
            open.send(new Session.Goodbye(reason));
            open.refuse(reason);
        }
        state = State.ENDED;
        link = null;
    }

    private void apart(MessageLink which, String reason) {
        if (which != link || state == State.ENDED) {
            return;
        }
        boolean known = state == State.WELCOMED || state == State.READY;
        state = State.APART;
        link = null;
        welcome = null;
        tries = known ? 0 : tries + 1;
        long delayMs = tries == 0 ? 0 : Math.min(MAX_DELAY_MS, FIRST_DELAY_MS << Math.min(10, tries - 1));
        nextTryNs = clock.nowNs() + delayMs * 1_000_000;
        if (known || !reason.equals(lastReason)) {
            LOG.log(known ? System.Logger.Level.WARNING : System.Logger.Level.INFO, "no coordinator: {0}", reason);
        }
        lastReason = reason;
        if (known) {
            host.apart(reason);
        }
    }

    private final class Links implements MessageLink.Events {
        @Override
        public void opened(MessageLink opened) {
            if (opened != link) {
                opened.refuse("no longer needed");
                return;
            }
            state = State.GREETED;
            heardNs = clock.nowNs();
            nextHeartbeatNs = heardNs;
            opened.send(hello.apply(generation));
        }

        @Override
        public void received(MessageLink from, Message message) {
            if (from != link) {
                return;
            }
            heardNs = clock.nowNs();
            switch (message) {
                case Session.Heartbeat m -> {}
                case Session.Welcome m -> welcomed(from, m);
                case ToWorker m -> {
                    if (state == State.READY) {
                        host.received(m);
                    }
                }
                case Session.Ended m -> {
                    state = State.ENDED;
                    link = null;
                    host.jobEnded(m.text());
                }
                case Session.Hello m -> from.refuse("a coordinator does not send Hello");
                case Session.Ready m -> from.refuse("a coordinator does not send Ready");
                case Session.Goodbye m -> from.refuse("a coordinator does not send Goodbye");
                case ToCoordinator m -> from.refuse("a coordinator does not send what workers send");
            }
        }

        private void welcomed(MessageLink from, Session.Welcome m) {
            if (state != State.GREETED && m.generation() <= generation) {
                from.refuse("a second Welcome to generation " + m.generation());
                return;
            }
            if (m.generation() < generation) {
                from.refuse("generation " + m.generation() + " is over: this worker has worked for " + generation);
                return;
            }
            generation = m.generation();
            welcome = m;
            state = State.WELCOMED;
            nextHeartbeatNs = heardNs;
            tries = 0;
            lastReason = "";
            host.welcomed(m);
        }

        @Override
        public void closed(MessageLink which, String reason) {
            apart(which, reason);
        }
    }
}
