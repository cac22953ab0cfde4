package dev.holdfast.engine.coordinator;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.BlockingCalls;
import dev.holdfast.engine.env.Clock;
import dev.holdfast.engine.env.Connection;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.env.Transport;
import dev.holdfast.engine.link.MessageLink;
import dev.holdfast.engine.protocol.Message;
import dev.holdfast.engine.protocol.Session;
import dev.holdfast.engine.protocol.ToCoordinator;
import dev.holdfast.engine.protocol.ToWorker;
import dev.holdfast.engine.protocol.WorkerAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator's side of the {@link Session} with each worker. On the coordinator's thread.
 *
 * <pre>
 * GREETED  -> WELCOMED   the generation has begun
 * WELCOMED -> READY      the worker's plan is that of the coordinator: it offers its slots
 * READY    -> WELCOMED   this coordinator has begun another generation
 * any      -> GONE       the connection closed, nothing was heard for the time-out, it said goodbye, or it was refused
 * </pre>
 *
 * A worker that leaves READY is lost at once ({@link ToCoordinator.Lost}). If its connection closed, a second one is tried to the
 * address where it takes records ({@link ToCoordinator.Confirmed}): one that answers will soon be back with its local files.
 * Numbers of workers are not used again, so a message of an earlier connection is never taken for one of a later.
 */
final class WorkerConnections implements Workers {
    private static final System.Logger LOG = System.getLogger(WorkerConnections.class.getName());

    /** More are a mistake, and would take the memory of a coordinator. */
    private static final int MAX_WORKERS = 10_000;

    /** A process on a machine that answers does so in a few ms; what does not is treated as gone. */
    private static final long CONFIRM_MS = 200;

    /** How late silence may be noticed. */
    private static final long LOOK_NS = 20_000_000;

    private enum State {
        GREETED,
        WELCOMED,
        READY,
        GONE
    }

    private final Transport transport;
    private final Clock clock;
    private final BlockingCalls calls;
    private final Mailbox mailbox;
    private final String job;
    private final HeartbeatSettings heartbeat;
    private final Consumer<ToCoordinator> receiver;
    private final Map<MessageLink, Worker> workers = new LinkedHashMap<>();
    private final Map<Integer, Worker> byNumber = new HashMap<>();
    private final Map<MessageLink, Long> strangers = new HashMap<>();
    private final Links links = new Links();
    private @Nullable Terms terms;
    private int lastNumber;
    private volatile List<WorkerSession> sessions = List.of();
    private long lastStepNs;
    private long nextHeartbeatNs;
    private long nextLookNs;

    /** @param receiver takes what workers say, in order; called on the coordinator's thread */
    WorkerConnections(
            Transport transport,
            Clock clock,
            BlockingCalls calls,
            Mailbox mailbox,
            String job,
            HeartbeatSettings heartbeat,
            Consumer<ToCoordinator> receiver) {
        this.transport = transport;
        this.clock = clock;
        this.calls = calls;
        this.mailbox = mailbox;
        this.job = job;
        this.heartbeat = heartbeat;
        this.receiver = receiver;
        this.lastStepNs = clock.nowNs();
    }

    /** Takes connections from now on; blocks for a moment. */
    Endpoint listen() {
        return transport.listen(() -> new MessageLink(mailbox, links).handler());
    }

    /** The workers that are connected, in order of their numbers; from any thread, about a heartbeat old. */
    List<WorkerSession> sessions() {
        return sessions;
    }

    private void publish() {
        sessions = workers.values().stream()
                .map(worker -> new WorkerSession(
                        worker.number,
                        worker.hello.worker(),
                        Optional.of(new Endpoint(worker.hello.host(), worker.hello.port())),
                        worker.hello.slots(),
                        worker.state == State.READY ? WorkerSession.State.READY : WorkerSession.State.PREPARING,
                        worker.heardNs))
                .sorted(Comparator.comparingInt(WorkerSession::number))
                .toList();
    }

    @Override
    public void begin(Terms next) {
        terms = next;
        List.copyOf(workers.values()).forEach(worker -> welcome(worker, next));
    }

    @Override
    public void change(Terms next) {
        terms = next;
    }

    @Override
    public void end(String text) {
        workers.values().forEach(worker -> worker.link.send(new Session.Ended(text)));
        close("the job has ended: " + text);
    }

    @Override
    public void send(int number, ToWorker message) {
        Worker worker = byNumber.get(number);
        if (worker != null) {
            worker.link.send(message);
        }
    }

    /** Sends heartbeats that are due, and closes what was silent for too long; true if it did something. */
    boolean step(long nowNs) {
        long sinceNs = nowNs - lastStepNs;
        lastStepNs = nowNs;
        if (sinceNs > heartbeat.timeoutMs() * 1_000_000 / 2) {
            // This process itself did not run: what workers said meanwhile has not been read yet.
            workers.values().forEach(worker -> worker.heardNs = nowNs);
        }
        boolean closed = closeSilent(nowNs);
        if (nowNs < nextHeartbeatNs) {
            return closed;
        }
        nextHeartbeatNs = nowNs + heartbeat.intervalMs() * 1_000_000;
        workers.values().forEach(worker -> worker.link.send(new Session.Heartbeat()));
        publish();
        return true;
    }

    /** A worker that was silent for so long has no part in the job even if it answers now: it is not waited for. */
    private boolean closeSilent(long nowNs) {
        if (nowNs < nextLookNs) {
            return false;
        }
        nextLookNs = nowNs + LOOK_NS;
        long timeoutNs = heartbeat.timeoutMs() * 1_000_000;
        strangers.forEach((link, openedNs) -> {
            if (nowNs - openedNs > timeoutNs) {
                link.refuse("no greeting within " + heartbeat.timeoutMs() + " ms");
            }
        });
        List<Worker> silent = workers.values().stream()
                .filter(worker -> nowNs - worker.heardNs > timeoutNs)
                .toList();
        for (Worker worker : silent) {
            leave(worker, "nothing was heard of it for " + (nowNs - worker.heardNs) / 1_000_000 + " ms", false);
        }
        return !silent.isEmpty();
    }

    /** Closes all connections. */
    void close(String reason) {
        for (Worker worker : List.copyOf(workers.values())) {
            worker.state = State.GONE;
            worker.link.refuse(reason);
        }
        workers.clear();
        byNumber.clear();
    }

    private void greeted(MessageLink link, Session.Hello hello) {
        if (!hello.job().equals(job)) {
            link.refuse("worker " + hello.worker() + " is of job " + hello.job() + ", this coordinator of " + job);
            return;
        }
        if (workers.size() >= MAX_WORKERS) {
            link.refuse("there are " + MAX_WORKERS + " workers already");
            return;
        }
        for (Worker other : List.copyOf(workers.values())) {
            if (other.hello.worker().equals(hello.worker())) {
                boolean same = other.hello.incarnation() == hello.incarnation();
                leave(other, same ? "it has connected anew" : "a new process has its name", false);
            }
        }
        Worker worker = new Worker(link, hello, clock.nowNs());
        workers.put(link, worker);
        Terms present = terms;
        if (present != null) {
            welcome(worker, present);
        }
    }

    private void welcome(Worker worker, Terms present) {
        if (worker.hello.generation() > present.generation()) {
            leave(
                    worker,
                    "it has worked for generation " + worker.hello.generation()
                            + ", and this coordinator is of generation " + present.generation()
                            + ": another one has taken over",
                    false);
            return;
        }
        if (worker.number == 0) {
            worker.number = ++lastNumber;
            byNumber.put(worker.number, worker);
        }
        worker.state = State.WELCOMED;
        worker.link.send(new Session.Welcome(
                present.generation(),
                worker.number,
                present.parallelism(),
                present.plan().describe(),
                heartbeat.intervalMs(),
                heartbeat.timeoutMs()));
    }

    private void ready(Worker worker, Session.Ready ready) {
        Terms present = terms;
        if (worker.state != State.WELCOMED || present == null) {
            return;
        }
        if (!ready.difference().isEmpty()) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "HF-RUN-007: worker {0} runs another program and gets no work: {1}",
                    worker.hello.worker(),
                    ready.difference());
            leave(worker, "HF-RUN-007: it runs another program: " + ready.difference(), false);
            return;
        }
        worker.state = State.READY;
        publish();
        Session.Hello hello = worker.hello;
        receiver.accept(new ToCoordinator.Registered(
                worker.number,
                hello.worker(),
                hello.slots(),
                present.plan().fingerprint(),
                Optional.of(new WorkerAddress(hello.incarnation(), hello.host(), hello.port()))));
    }

    private void said(Worker worker, ToCoordinator message) {
        boolean own = !(message instanceof ToCoordinator.OfCoordinator);
        if (own && worker.state == State.WELCOMED) {
            // Of the generation before; the worker has not read yet that another one has begun.
            return;
        }
        if (!own || message.worker() != worker.number || worker.state != State.READY) {
            leave(worker, "it sent " + message.getClass().getSimpleName() + " as worker " + message.worker(), false);
            return;
        }
        receiver.accept(message);
    }

    /** Ends the session with a worker; {@code confirm} if it may live on. */
    private void leave(Worker worker, String reason, boolean confirm) {
        if (worker.state == State.GONE) {
            return;
        }
        boolean wasReady = worker.state == State.READY;
        worker.state = State.GONE;
        workers.remove(worker.link);
        byNumber.remove(worker.number);
        publish();
        worker.link.refuse(reason);
        if (!wasReady) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "worker {0} left before it was ready: {1}",
                    worker.hello.worker(),
                    reason);
            return;
        }
        receiver.accept(new ToCoordinator.Lost(
                worker.number, "worker " + worker.hello.worker() + " is lost: " + reason, confirm));
        if (confirm) {
            confirm(worker);
        }
    }

    /** Tries to reach a lost worker by another connection. */
    private void confirm(Worker worker) {
        Confirming confirming = new Confirming(worker);
        Connection connection =
                transport.connect(new Endpoint(worker.hello.host(), worker.hello.port()), new Connection.Handler() {
                    @Override
                    public void opened(Connection opened) {
                        mailbox.post(() -> confirming.end(true));
                        opened.close("only asked whether somebody is there");
                    }

                    @Override
                    public void received(Connection from, Connection.Lane lane, byte[] frame) {}

                    @Override
                    public void closed(Connection which, String reason) {
                        mailbox.post(() -> confirming.end(false));
                    }
                });
        calls.schedule(CONFIRM_MS, mailbox, () -> {
            confirming.end(false);
            connection.close("no answer in time");
        });
    }

    /** One second try; its first outcome counts. */
    private final class Confirming {
        private final Worker worker;
        private boolean ended;

        Confirming(Worker worker) {
            this.worker = worker;
        }

        void end(boolean answers) {
            if (!ended) {
                ended = true;
                receiver.accept(new ToCoordinator.Confirmed(worker.number, answers));
            }
        }
    }

    /** One worker's session. */
    private static final class Worker {
        private final MessageLink link;
        private final Session.Hello hello;
        private State state = State.GREETED;
        private int number;
        private long heardNs;

        Worker(MessageLink link, Session.Hello hello, long nowNs) {
            this.link = link;
            this.hello = hello;
            this.heardNs = nowNs;
        }
    }

    private final class Links implements MessageLink.Events {
        @Override
        public void opened(MessageLink link) {
            strangers.put(link, clock.nowNs());
        }

        @Override
        public void received(MessageLink link, Message message) {
            Worker worker = workers.get(link);
            if (worker == null) {
                if (message instanceof Session.Hello hello && strangers.remove(link) != null) {
                    greeted(link, hello);
                }
                return;
            }
            worker.heardNs = clock.nowNs();
            try {
                heard(worker, message);
            } catch (HoldfastException e) {
                leave(worker, String.valueOf(e.getMessage()), false);
            }
        }

        private void heard(Worker worker, Message message) {
            switch (message) {
                case Session.Heartbeat m -> {}
                case Session.Ready m -> ready(worker, m);
                case Session.Goodbye m -> leave(worker, "it said goodbye: " + m.reason(), false);
                case ToCoordinator m -> said(worker, m);
                case Session.Hello m -> leave(worker, "it greeted twice", false);
                case Session.Welcome m -> leave(worker, "it sent what a coordinator sends", false);
                case Session.Ended m -> leave(worker, "it sent what a coordinator sends", false);
                case ToWorker m -> leave(worker, "it sent what a coordinator sends", false);
            }
        }

        @Override
        public void closed(MessageLink link, String reason) {
            strangers.remove(link);
            Worker worker = workers.get(link);
            if (worker != null) {
                leave(worker, "its connection closed: " + reason, true);
            }
        }
    }
}
