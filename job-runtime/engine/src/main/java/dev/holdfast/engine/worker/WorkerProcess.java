package dev.holdfast.engine.worker;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Loop;
import dev.holdfast.engine.env.Loops;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.env.Transport;
import dev.holdfast.engine.exchange.network.PeerAddress;
import dev.holdfast.engine.graph.Plan;
import dev.holdfast.engine.protocol.Session;
import dev.holdfast.engine.protocol.ToCoordinator;
import dev.holdfast.engine.protocol.ToWorker;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A worker that is a process of its own: one loop that keeps up the session with the coordinator and runs the {@link Worker}.
 *
 * <ol>
 *   <li>It connects, greets, and is told the coordinator's generation and plan.
 *   <li>What an earlier session had left running ends. Then the program is run, and compared with the coordinator's plan. If they
 *       differ the worker ends: trying again would find the same.
 *   <li>It offers its slots, and does what it is told.
 *   <li>When it is apart from the coordinator, the attempt it took part in is lost: it ends its tasks at once, so that the next one
 *       can begin, and looks for the coordinator again. Its process, local files and connections to other workers stay.
 *   <li>If it finds none, it looks in the log whether the job has ended ({@link JobEndWatch}).
 * </ol>
 */
public final class WorkerProcess {
    private static final System.Logger LOG = System.getLogger(WorkerProcess.class.getName());

    private final Mailbox mailbox;
    private final Both both;
    private final Endpoint endpoint;

    private WorkerProcess(Mailbox mailbox, Both both, Endpoint endpoint) {
        this.mailbox = mailbox;
        this.both = both;
        this.endpoint = endpoint;
    }

    /**
     * How a worker is found, and finds its coordinator.
     *
     * @param name unique within the job, the same after a restart of the process
     * @param advertisedHost where other workers connect to it, if that is not the address it listens at
     * @param coordinator looked up anew for each connection
     */
    public record Identity(String name, Optional<String> advertisedHost, Endpoint coordinator) {}

    /**
     * Starts a worker. Blocks for a moment.
     *
     * @param ended told once, when no task runs any more; on the worker's thread
     * @param broken called on that thread when an invariant does not hold; the process has to end
     * @throws HoldfastException if the transport cannot listen
     */
    public static WorkerProcess start(
            Env env,
            Transport transport,
            WorkerJob job,
            Identity identity,
            Consumer<WorkerEnd> ended,
            Loops.Failed broken) {
        long incarnation = env.randomness().nextLong();
        Both both = new Both(env, job, identity, ended);
        Mailbox mailbox = env.loops().start("worker", mail -> both.make(transport, incarnation, mail), broken);
        Endpoint listening = transport.listen(() -> both.worker().peers().accepted());
        Endpoint endpoint = new Endpoint(identity.advertisedHost().orElse(listening.host()), listening.port());
        mailbox.post(() -> both.connect(transport, incarnation, endpoint, mailbox));
        return new WorkerProcess(mailbox, both, endpoint);
    }

    /** Where other workers connect to. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** Says goodbye, ends all tasks, and then itself. */
    public void end(String reason) {
        mailbox.post(() -> both.end(new WorkerEnd(WorkerEnd.Cause.TOLD, reason)));
    }

    /**
     * Asks the coordinator to end the attempt at a checkpoint, if this worker runs a part of it; then {@link #end ends}.
     *
     * @param patienceMs how long the attempt may take to end
     */
    public void leave(String reason, long patienceMs) {
        mailbox.post(() -> both.leave(new WorkerEnd(WorkerEnd.Cause.TOLD, reason), patienceMs));
    }

    /**
     * Asks whether its loop turns.
     *
     * @param turned run on the worker's thread, after at most a step
     */
    public void ping(Runnable turned) {
        mailbox.post(turned);
    }

    /** What it does or waits for; on any thread, a moment old. */
    public WorkerStatus status() {
        return both.status;
    }

    private static final class Both implements Loop, CoordinatorConnection.Host {
        private final Env env;
        private final WorkerJob job;
        private final Identity identity;
        private final Consumer<WorkerEnd> ended;
        private volatile WorkerStatus status = new WorkerStatus(WorkerStatus.Phase.LOOKING, 0, 0, "starting");
        private @Nullable Mailbox mailbox;
        private @Nullable CoordinatorConnection connection;
        private @Nullable Worker worker;
        private @Nullable JobEndWatch endWatch;
        private @Nullable WorkerEnd leaving;
        private long leaveAtNs;
        private @Nullable WorkerEnd ending;

        Both(Env env, WorkerJob job, Identity identity, Consumer<WorkerEnd> ended) {
            this.env = env;
            this.job = job;
            this.identity = identity;
            this.ended = ended;
        }

        Both make(Transport transport, long incarnation, Mailbox mail) {
            mailbox = mail;
            endWatch = new JobEndWatch(env, job.root(), mail, this::jobEnded);
            PeerAddress self = new PeerAddress(identity.name(), incarnation, identity.coordinator());
            worker = new Worker(env, job, mail, this::send, new WorkerNetwork(transport, self));
            return this;
        }

        private void send(ToCoordinator message) {
            if (message instanceof ToCoordinator.Stuck stuck) {
                // The coordinator goes on without this worker as soon as its connection closes.
                throw new HoldfastException(
                        "HF-RUN-013",
                        "an attempt cannot be ended, only the end of this process can do that: " + stuck.text()
                                + ". Start the worker again");
            }
            if (connection != null) {
                connection.send(message);
            }
        }

        void connect(Transport transport, long incarnation, Endpoint endpoint, Mailbox mail) {
            connection = new CoordinatorConnection(
                    transport,
                    env.clock(),
                    mail,
                    identity.coordinator(),
                    generation -> new Session.Hello(
                            job.root().prefix(),
                            identity.name(),
                            incarnation,
                            job.slots(),
                            endpoint.host(),
                            endpoint.port(),
                            generation),
                    this);
        }

        Worker worker() {
            return Objects.requireNonNull(worker);
        }

        @Override
        public Progress step(long nowNs) {
            CoordinatorConnection present = connection;
            boolean beat = present != null && present.step(nowNs);
            if (present != null) {
                status = present.status(worker().runningAttempt());
                Objects.requireNonNull(endWatch).step(nowNs, status.phase(), status.generation());
            }
            WorkerEnd left = leaving;
            if (left != null && (worker().runningAttempt() == 0 || nowNs - leaveAtNs >= 0)) {
                end(left);
            }
            Progress progress = worker().step(nowNs);
            if (progress == Progress.ENDED) {
                worker().peers().close("worker " + identity.name() + " has ended");
                ended.accept(Objects.requireNonNull(ending, "a worker ends by end"));
                return Progress.ENDED;
            }
            return beat ? Progress.BUSY : progress;
        }

        @Override
        public void welcomed(Session.Welcome welcome) {
            worker().number(welcome.number());
            giveUp("the coordinator has begun generation " + welcome.generation()
                    + ", or has gone on without this worker");
            worker().abandon(() -> env.blocking()
                    .start(
                            "run the program",
                            () -> difference(welcome),
                            Objects.requireNonNull(mailbox),
                            (difference, error) -> ready(welcome, difference, error)));
        }

        private void ready(Session.Welcome welcome, @Nullable String difference, @Nullable Throwable error) {
            String text = difference != null ? difference : "the program cannot run here: " + error;
            if (!Objects.requireNonNull(connection).ready(welcome, text)) {
                return;
            }
            if (text.isEmpty()) {
                worker().prepare();
            } else {
                end(new WorkerEnd(
                        WorkerEnd.Cause.OTHER_PROGRAM,
                        "HF-RUN-007: worker " + identity.name() + " runs another program than the coordinator at "
                                + identity.coordinator() + ": " + text
                                + ". Start both with the same program, parameters and max-parallelism"));
            }
        }

        private String difference(Session.Welcome welcome) {
            Plan mine = worker().description().of(welcome.parallelism()).plan();
            return Plan.difference(mine.describe(), welcome.plan(), "this worker", "the coordinator")
                    .orElse("");
        }

        @Override
        public void received(ToWorker message) {
            worker().receive(message);
        }

        @Override
        public void apart(String reason) {
            giveUp(reason);
            worker().abandon(() -> {});
        }

        private void giveUp(String reason) {
            long running = worker().runningAttempt();
            if (running != 0) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "worker {0} gives up its part of attempt {1}: {2}. What it did since the last checkpoint is"
                                + " done again",
                        identity.name(),
                        Long.toString(running),
                        reason);
            }
        }

        @Override
        public void jobEnded(String text) {
            end(new WorkerEnd(WorkerEnd.Cause.JOB_ENDED, text));
        }

        void leave(WorkerEnd reason, long patienceMs) {
            if (leaving == null) {
                leaving = reason;
                leaveAtNs = env.clock().nowNs() + patienceMs * 1_000_000;
                worker().leave();
            }
        }

        void end(WorkerEnd reason) {
            if (ending == null) {
                ending = reason;
                if (connection != null) {
                    connection.end(reason.text());
                }
                worker().end();
            }
        }
    }
}
