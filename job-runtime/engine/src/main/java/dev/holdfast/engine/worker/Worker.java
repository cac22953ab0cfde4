package dev.holdfast.engine.worker;

import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Loop;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.exchange.network.Peers;
import dev.holdfast.engine.protocol.Failure;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.ToCoordinator;
import dev.holdfast.engine.protocol.ToWorker;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what a coordinator says. Holds at most one {@link Attempt}; messages of other attempts are ignored.
 *
 * <p>States: IDLE becomes ATTEMPT by a Deploy message, and IDLE again when all of that attempt has ended after a Cancel, or after
 * the worker was told to {@link #abandon} it. A Deploy that comes while an attempt is there is a broken invariant of the
 * coordinator, and fails that new attempt.
 */
public final class Worker implements Loop {
    private static final System.Logger LOG = System.getLogger(Worker.class.getName());

    private final Env env;
    private final WorkerJob job;
    private final Mailbox mailbox;
    private final Consumer<ToCoordinator> coordinator;
    private final ArrayDeque<ToWorker> inbox = new ArrayDeque<>();
    private final @Nullable Peers peers;
    private final WorkerDisk disk;
    private final Description description;
    private int number;
    private @Nullable Attempt attempt;
    private @Nullable Runnable whenIdle;
    private boolean ended;

    /**
     * Makes a worker.
     *
     * @param coordinator sends a message; must only leave mail
     * @param network the way to other workers; null if there are none
     */
    public Worker(
            Env env,
            WorkerJob job,
            Mailbox mailbox,
            Consumer<ToCoordinator> coordinator,
            @Nullable WorkerNetwork network) {
        this.env = env;
        this.job = job;
        this.mailbox = mailbox;
        this.coordinator = coordinator;
        this.disk = new WorkerDisk(env, job, mailbox);
        this.description = new Description(job.programs());
        this.peers = network == null
                ? null
                : new Peers(
                        network.transport(),
                        env.clock(),
                        env.blocking(),
                        mailbox,
                        job.root().prefix(),
                        network.self(),
                        new PeerEvents());
    }

    /** Gives the worker its number in a generation; its next attempts carry it. */
    public void number(int assigned) {
        number = assigned;
    }

    /** The connections to other workers. */
    Peers peers() {
        return Objects.requireNonNull(peers, "a worker without a network");
    }

    /** Ends the attempt, if there is one: nobody waits for it any more. Then the action runs, at once where there is none. */
    void abandon(Runnable then) {
        if (attempt == null || attempt.isOver()) {
            then.run();
        } else {
            whenIdle = then;
            attempt.cancel();
        }
    }

    /** What the program is; from any thread. */
    Description description() {
        return description;
    }

    /** Gets ready for an attempt that may come. */
    void prepare() {
        disk.prepare();
    }

    /** Number of the attempt whose tasks run, or 0. */
    long runningAttempt() {
        return attempt == null || attempt.isOver() ? 0 : attempt.number();
    }

    /** Tells the coordinator that the attempt, if there is one, is to go on without this worker. */
    void leave() {
        if (runningAttempt() != 0) {
            coordinator.accept(new ToCoordinator.Leaving(number, runningAttempt()));
        }
    }

    /** Takes a message; on the worker's thread. */
    public void receive(ToWorker message) {
        inbox.add(message);
    }

    /** Ends the worker with all its slots; on the worker's thread. */
    public void end() {
        ended = true;
        if (attempt != null) {
            attempt.cancel();
        }
    }

    @Override
    public Progress step(long nowNs) {
        if (attempt != null) {
            attempt.watch(nowNs);
        }
        if (ended) {
            if (attempt != null && !attempt.isOver()) {
                return Progress.IDLE;
            }
            disk.end();
            return disk.isIdle() ? Progress.ENDED : Progress.IDLE;
        }
        Runnable idle = whenIdle;
        if (idle != null && runningAttempt() == 0) {
            whenIdle = null;
            idle.run();
            return Progress.BUSY;
        }
        ToWorker message = inbox.poll();
        if (message == null) {
            return Progress.IDLE;
        }
        switch (message) {
            case ToWorker.Deploy deploy -> deploy(deploy);
            case ToWorker.Start m -> with(m, Attempt::start);
            case ToWorker.AssignSplits m -> with(m, a -> a.assign(m.reader(), m.splits()));
            case ToWorker.NoMoreSplits m -> with(m, a -> a.noMoreSplits(m.reader()));
            case ToWorker.Drain m -> with(m, Attempt::drain);
            case ToWorker.Trigger m -> with(m, a -> a.trigger(m.checkpointId()));
            case ToWorker.Completed m -> with(m, a -> a.completed(m.checkpointId()));
            case ToWorker.Aborted m -> with(m, a -> a.aborted(m.checkpointId()));
            case ToWorker.Cancel m -> cancel(m);
        }
        return Progress.BUSY;
    }

    private void deploy(ToWorker.Deploy deploy) {
        if (attempt != null && !attempt.isOver()) {
            String text = "worker " + number + " still runs attempt " + attempt.number();
            coordinator.accept(
                    new ToCoordinator.Failed(number, deploy.attempt(), new Failure("HF-RUN-007", text, true)));
            return;
        }
        LOG.log(System.Logger.Level.DEBUG, "worker " + number + ": attempt " + deploy.attempt() + " begins");
        Attempt next = new Attempt(number, env, job, mailbox, coordinator, peers, disk, description, deploy);
        attempt = next;
        next.deploy();
    }

    private void cancel(ToWorker.Cancel message) {
        if (attempt == null || attempt.number() != message.attempt() || attempt.isOver()) {
            coordinator.accept(new ToCoordinator.Cancelled(number, message.attempt()));
        } else {
            attempt.cancel();
        }
    }

    private void with(ToWorker message, Consumer<Attempt> action) {
        if (attempt != null && attempt.number() == message.attempt()) {
            action.accept(attempt);
        }
    }

    private final class PeerEvents implements Peers.Events {
        @Override
        public void connected(long of) {
            if (attempt != null && attempt.number() == of) {
                attempt.peersConnected();
            }
        }

        @Override
        public void failed(long of, String text) {
            if (attempt != null && attempt.number() == of) {
                attempt.peersFailed(text);
            }
        }
    }

    /** The error of a task in the form in which a coordinator wants it. */
    static ToCoordinator.Failed failure(int worker, long attempt, @Nullable TaskId task, Throwable error) {
        Failure failure = Failure.of(error, "HF-RUN-008");
        return new ToCoordinator.Failed(worker, attempt, task == null ? failure : failure.in(task));
    }
}
