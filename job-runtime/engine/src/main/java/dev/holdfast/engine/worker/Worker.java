package dev.holdfast.engine.worker;

import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Loop;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.protocol.Failure;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.ToCoordinator;
import dev.holdfast.engine.protocol.ToWorker;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The loop of one worker process. Holds at most one {@link Attempt}; messages of other attempts are ignored.
 *
 * <p>States: IDLE becomes ATTEMPT by a Deploy message, and IDLE again when all of that attempt has ended after a Cancel. A
 * Deploy that comes while an attempt is there is a broken invariant of the coordinator, and fails that new attempt.
 */
public final class Worker implements Loop {
    private static final System.Logger LOG = System.getLogger(Worker.class.getName());

    private final int number;
    private final Env env;
    private final WorkerJob job;
    private final Mailbox mailbox;
    private final Consumer<ToCoordinator> coordinator;
    private final ArrayDeque<ToWorker> inbox = new ArrayDeque<>();
    private @Nullable Attempt attempt;
    private boolean ended;

    /**
     * Makes a worker.
     *
     * @param coordinator sends a message; must only leave mail
     */
    public Worker(int number, Env env, WorkerJob job, Mailbox mailbox, Consumer<ToCoordinator> coordinator) {
        this.number = number;
        this.env = env;
        this.job = job;
        this.mailbox = mailbox;
        this.coordinator = coordinator;
    }

    /** Tells the coordinator that this worker is there; on the worker's thread. */
    public void register() {
        coordinator.accept(new ToCoordinator.Registered(number, job.slots(), job.fingerprint()));
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
            return attempt == null || attempt.isOver() ? Progress.ENDED : Progress.IDLE;
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
            case ToWorker.Trigger m -> with(m, a -> a.trigger(m.checkpointId()));
            case ToWorker.Completed m -> with(m, a -> a.completed(m.checkpointId()));
            case ToWorker.Aborted m -> with(m, a -> a.aborted(m.checkpointId()));
            case ToWorker.Cancel m -> cancel(m);
        }
        return Progress.BUSY;
    }

    private void deploy(ToWorker.Deploy deploy) {
        if (!deploy.fingerprint().equals(job.fingerprint())) {
            refuse(
                    deploy,
                    "the plan of worker " + number + " has fingerprint " + job.fingerprint() + ", the coordinator's "
                            + deploy.fingerprint() + ". Start both with the same program and parameters.");
            return;
        }
        if (attempt != null && !attempt.isOver()) {
            refuse(deploy, "worker " + number + " still runs attempt " + attempt.number());
            return;
        }
        LOG.log(System.Logger.Level.DEBUG, "worker {0}: attempt {1} begins", number, deploy.attempt());
        attempt = new Attempt(number, env, job, mailbox, coordinator, deploy);
        attempt.deploy();
    }

    private void refuse(ToWorker.Deploy deploy, String text) {
        coordinator.accept(new ToCoordinator.Failed(number, deploy.attempt(), new Failure("HF-RUN-007", text, true)));
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

    /** The error of a task in the form in which a coordinator wants it. */
    static ToCoordinator.Failed failure(int worker, long attempt, @Nullable TaskId task, Throwable error) {
        Failure failure = Failure.of(error, "HF-RUN-008");
        return new ToCoordinator.Failed(worker, attempt, task == null ? failure : failure.in("task " + task));
    }
}
