package dev.holdfast.engine.coordinator;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.checkpoint.FencedException;
import dev.holdfast.engine.checkpoint.LogRecord;
import dev.holdfast.engine.checkpoint.LogWriter;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.JobStatus.Phase;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Loop;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.operator.Program;
import dev.holdfast.engine.protocol.Failure;
import dev.holdfast.engine.protocol.ToCoordinator;
import dev.holdfast.engine.protocol.ToWorker;
import dev.holdfast.engine.task.OpenCalls;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of one job. Single-threaded: messages, results of blocking calls and commands come through the mailbox.
 *
 * <pre>
 * STARTING   -> WAITING      the log was read and this generation has begun
 *            -> FINISHED     the log says that the job had finished
 *            -> FAILED       nothing can be restored, or the program does not fit what is restored
 *            -> CANCELED     a person canceled before this generation has begun; the log gets no End
 * WAITING    -> DEPLOYING    enough slots are offered
 * DEPLOYING  -> RUNNING      all workers have restored, committed what the log had decided, and removed left-overs
 * RUNNING    -> STOPPING     all input (up to where a drain cut it), or the savepoint to stop with, is written and committed
 * DEPLOYING, RUNNING -> RESTARTING   a task failed, or too many checkpoints in a row
 *            -> STOPPING     the same, and restarting cannot help or is given up; or a person canceled
 * RUNNING    -> RESTARTING   the attempt is to end at a checkpoint (Handover), and that is committed
 * RESTARTING -> WAITING      no task runs any more, nothing is being written to the log, and the delay has passed
 *            -> STARTING     the restored checkpoint is damaged, and older ones are allowed
 * WAITING, RESTARTING -> STOPPING   a person canceled, or the savepoint to stop with came into the log after its attempt had failed
 * STOPPING   -> FINISHED, CANCELED, SUSPENDED, FAILED   no task runs any more and the log has its End
 * any        -> FENCED       another coordinator has begun a newer generation
 * RESTARTING -> INTERRUPTED  what runs of the last attempt does not end: only the end of its process can do that
 * any        -> INTERRUPTED  it is unknown what is in the log: only a new coordinator can find out
 * </pre>
 */
public final class Coordinator implements Loop {
    private static final System.Logger LOG = System.getLogger(Coordinator.class.getName());

    private final Env env;
    private final Mailbox mailbox;
    private final JobSettings settings;
    private final Workers network;
    private final Scale scale;
    private final AttemptMessages messages;
    private final Consumer<JobStatus> published;
    private final JobStore store;
    private final ArrayDeque<ToCoordinator> inbox = new ArrayDeque<>();
    private final WorkerSet workers = new WorkerSet();
    private final FailurePolicy failures;
    private final StartPoint start;
    private final Waits waits;
    private final AttemptSources sources;
    private final JobMetrics metrics = new JobMetrics();
    private final LiveSettings live;
    private final JobViews views;
    private final CheckpointTriggers triggers;
    private final OperationRequests operations;

    private Phase phase = Phase.STARTING;
    private String message = "";
    private @Nullable LogWriter writer;
    private @Nullable CheckpointCoordinator checkpoints;
    private long attempt;
    private int restarts;
    private boolean delayPassed = true;
    private boolean ended;
    private @Nullable Ending ending;
    private boolean canceling;

    /**
     * Makes a coordinator; {@link #begin} starts it.
     *
     * @param programs runs the program for a parallelism of operators that set none
     * @param network the way to the workers
     * @param published gets the status whenever it changes, on the coordinator's thread
     */
    public Coordinator(
            Env env,
            Mailbox mailbox,
            JobSettings settings,
            IntFunction<Program> programs,
            Workers network,
            Consumer<JobStatus> published) {
        this.env = env;
        this.mailbox = mailbox;
        this.settings = settings;
        this.scale = new Scale(programs, settings);
        this.network = network;
        this.published = published;
        this.messages = new AttemptMessages(network, workers);
        this.store = new JobStore(env, settings);
        this.failures = new FailurePolicy(settings);
        this.start = new StartPoint(store, settings.restore());
        this.waits = new Waits(settings.timeouts());
        this.sources = new AttemptSources(env, mailbox, settings.timeouts(), messages::toOwner, this::failed);
        this.live = new LiveSettings(settings.checkpoint());
        this.views = new JobViews(env.clock(), settings, live, workers, scale);
        this.triggers = new CheckpointTriggers(views.operations(), scale);
        this.operations = new OperationRequests(
                env, mailbox, settings, store, views, triggers, workers, this::drain, this::rescale, this::cancel);
    }

    /** What can be seen of the job; from any thread. */
    public JobView view() {
        return views.newest();
    }

    /** Calls of enumerators that are under way on the coordinator's thread: who watches it, looks from another one. */
    public OpenCalls calls() {
        return sources.calls();
    }

    public JobMetrics metrics() {
        return metrics;
    }

    /** Takes over the job; on the coordinator's thread. */
    public void begin() {
        enter(Phase.STARTING, "");
        Set<Long> known = start.damaged();
        RestoreRequest request = start.request();
        env.blocking().start("begin", () -> store.begin(request, known), mailbox, (begun, error) -> {
            if (begun != null) {
                begun(begun);
            } else {
                giveUpAtOnce(error);
            }
        });
    }

    private void begun(JobStore.Begun begun) {
        writer = begun.writer();
        start.begun(begun);
        if (writer == null) {
            endForGood(Phase.FINISHED, "the job had finished before");
            return;
        }
        try {
            scale.checkCommittable(start.commit());
            checkpoints = checkpointCoordinator(begun);
        } catch (HoldfastException e) {
            giveUpAtOnce(e);
            return;
        }
        network.begin(scale.terms(writer().generation()));
        enter(Phase.WAITING, begun.note());
        deployIfReady();
    }

    private CheckpointCoordinator checkpointCoordinator(JobStore.Begun begun) {
        scale.fit(start.restore());
        return new CheckpointCoordinator(
                env,
                mailbox,
                settings,
                live,
                store,
                writer(),
                scale::manifests,
                begun.restore(),
                begun.nextCheckpointId(),
                () -> attempt,
                workers,
                messages::toAll,
                views.checkpoints(),
                this::publish,
                metrics.checkpoints(),
                new CheckpointHost());
    }

    /** Ends before anything ran: the log stays as it is, so the next start finds the same. */
    private void giveUpAtOnce(@Nullable Throwable error) {
        end(Phase.FAILED, String.valueOf(error instanceof HoldfastException ? error.getMessage() : error));
    }

    /** Takes a message; on the coordinator's thread. */
    public void receive(ToCoordinator incoming) {
        inbox.add(incoming);
    }

    /**
     * Stops the job; its checkpoints stay or go by the setting. What the log has decided is committed first, so that the output ends
     * at a checkpoint; a second call does not wait for that. On the coordinator's thread.
     */
    public void cancel() {
        if (phase == Phase.RUNNING && !canceling && !checkpoints().isSettled()) {
            canceling = true;
        } else {
            stop(Ending.CANCELED);
        }
    }

    /** Takes what others ask of the job; on the coordinator's thread. */
    OperationRequests operations() {
        return operations;
    }

    @Override
    public Progress step(long nowNs) {
        if (ended) {
            return Progress.ENDED;
        }
        boolean worked = !inbox.isEmpty();
        for (ToCoordinator next = inbox.poll(); next != null && !ended; next = inbox.poll()) {
            handle(next);
            views.changed();
        }
        worked |= switch (phase) {
            case RUNNING -> run(nowNs);
            case WAITING, DEPLOYING -> checkpoints().lookForSuccessor(nowNs, false);
            case RESTARTING -> restartIfReady(nowNs);
            case STOPPING -> endIfReady();
            case STARTING, FINISHED, CANCELED, SUSPENDED, FAILED, FENCED, INTERRUPTED -> false;
        };
        watch(nowNs);
        views.flush(attempt, messages.placement(), start);
        return worked ? Progress.BUSY : Progress.IDLE;
    }

    /** Ends what has lasted too long, and says what the job waits for. */
    private void watch(long nowNs) {
        if (ended) {
            return;
        }
        if (checkpoints != null) {
            checkpoints.expireSavepoints(nowNs);
            views.changedIf(triggers.expire(nowNs, env.clock().wallMs()));
        }
        switch (waits.overdue(facts(), nowNs)) {
            case Waits.Overdue.Attempt(String code, String text) ->
                failed(new Failure(code, text, false), Optional.empty());
            case Waits.Overdue.Cancel(String text) -> Set.copyOf(workers.busy()).forEach(worker -> stuck(worker, text));
            case Waits.Overdue.Store(String text) -> abandon(Phase.INTERRUPTED, JobErrors.notEnding(text));
            case Waits.Overdue.Nothing() -> {}
        }
        if (waits.isToBeTold(facts(), nowNs)) {
            publish();
        }
    }

    private Waits.Facts facts() {
        return new Waits.Facts(phase, workers.undeployed(), workers.busy(), checkpoints);
    }

    /** A worker cannot end its attempt. The next attempt may not begin beside it, but a job that is over may end. */
    private void stuck(int worker, String what) {
        Ending how = ending;
        if (phase == Phase.STOPPING && how != null) {
            LOG.log(System.Logger.Level.WARNING, "worker {0} did not end in time: {1}", worker, what);
            ending = how.without(what);
            workers.cancelled(worker);
        } else if (phase == Phase.RESTARTING) {
            abandon(Phase.INTERRUPTED, JobErrors.notEnding(what));
        }
    }

    /** Ends without a word in the log. */
    private void abandon(Phase last, String text) {
        if (!ended) {
            LOG.log(System.Logger.Level.WARNING, text);
            endAttempt();
            checkpoints().detach();
            end(last, text);
        }
    }

    private void handle(ToCoordinator incoming) {
        switch (incoming) {
            case ToCoordinator.Registered m -> {
                if (workers.register(m, scale.fingerprints())) {
                    deployIfReady();
                }
            }
            case ToCoordinator.Lost m -> lost(m);
            case ToCoordinator.Confirmed m -> workers.confirmed(m.worker(), m.answers());
            case ToCoordinator.OfAttempt m -> {
                if (m.attempt() == attempt) {
                    handle(m);
                }
            }
        }
    }

    private void handle(ToCoordinator.OfAttempt incoming) {
        switch (incoming) {
            case ToCoordinator.Deployed m -> deployed(m.worker());
            case ToCoordinator.SplitRequested m -> sources.splitRequested(m.reader());
            case ToCoordinator.Acknowledged m ->
                whileRunning(rounds -> rounds.acknowledged(m.worker(), m.checkpointId(), m.snapshot()));
            case ToCoordinator.Declined m -> {
                workers.failed(m.worker(), m.failure(), env.clock().nowNs());
                whileRunning(
                        rounds -> rounds.declined(m.checkpointId(), m.failure().message()));
            }
            case ToCoordinator.Committed m ->
                whileRunning(rounds -> rounds.committed(workers.committed(m.worker(), m.checkpointId())));
            case ToCoordinator.Drained m -> workers.drained(m.task());
            case ToCoordinator.Failed m -> failed(m.failure(), Optional.of(m.worker()));
            case ToCoordinator.Waiting m -> waits.reported(m, env.clock().nowNs());
            case ToCoordinator.Report m ->
                metrics.tasks().reported(m, env.clock().wallMs());
            case ToCoordinator.Stuck m -> stuck(m.worker(), m.text());
            case ToCoordinator.Leaving m -> workers.leaving(m.worker(), triggers.handover());
            case ToCoordinator.Cancelled m -> workers.cancelled(m.worker());
        }
    }

    private void whileRunning(Consumer<CheckpointCoordinator> action) {
        if (phase == Phase.RUNNING) {
            action.accept(checkpoints());
        }
    }

    private void lost(ToCoordinator.Lost m) {
        LOG.log(System.Logger.Level.WARNING, m.text());
        if (workers.lost(m.worker(), m.unconfirmed(), env.clock().nowNs())) {
            failed(new Failure("HF-RUN-017", m.text(), false), Optional.of(m.worker()));
        }
        deployIfReady();
    }

    private void deployIfReady() {
        if (phase != Phase.WAITING) {
            return;
        }
        int offered = workers.offeredSlots();
        int needed = scale.plan().slots();
        if (offered < needed) {
            enter(Phase.WAITING, "waiting for slots: " + needed + " needed, " + offered + " offered");
        } else {
            deploy();
        }
    }

    private void deploy() {
        long generation = writer().generation();
        attempt = AttemptMessages.number(generation, restarts);
        waits.attemptBegins();
        triggers.attemptBegins();
        messages.deploy(attempt, generation, scale, start, env.clock().nowNs());
        enter(Phase.DEPLOYING, message);
        long mine = attempt;
        sources.read(store, start.restore(), () -> mine == attempt && phase == Phase.DEPLOYING);
    }

    private void deployed(int worker) {
        workers.deployed(worker);
        if (phase != Phase.DEPLOYING || !workers.allDeployed()) {
            return;
        }
        start.committed(checkpoints());
        if (phase == Phase.DEPLOYING) {
            sources.whenRead(this::start);
        }
    }

    private void start(Map<String, Enumerators.RestoredSource> restored) {
        enter(Phase.RUNNING, "");
        messages.toAll(new ToWorker.Start(attempt));
        sources.start(attempt, scale.program(), restored);
        views.operations().rescaled(scale.parallelism(), env.clock().wallMs());
        triggers.ifDraining(this::drain);
    }

    /** Ends the input of all sources; the job finishes with what they have read, in this attempt or a later one. */
    private void drain() {
        triggers.drain();
        if (phase == Phase.RUNNING) {
            messages.toAll(new ToWorker.Drain(attempt));
            enter(Phase.RUNNING, "draining: no source reads any more");
        }
    }

    private boolean run(long nowNs) {
        CheckpointCoordinator rounds = checkpoints();
        rounds.lookForSuccessor(nowNs, true);
        if (canceling) {
            if (rounds.isSettled()) {
                stop(Ending.CANCELED);
                return true;
            }
            return rounds.step(nowNs, false);
        }
        try {
            boolean worked = triggers.step(
                    rounds, nowNs, workers.drainedTasks() == scale.plan().tasks());
            views.changedIf(worked);
            return worked;
        } catch (HoldfastException e) {
            // Enumerators are user code: what they throw fails the attempt.
            failed(e);
            return true;
        }
    }

    private void failed(Throwable error) {
        failed(Failure.of(error, "HF-RUN-009"), Optional.empty());
    }

    /** The attempt has failed: end its tasks, then decide. */
    private void failed(Failure failure, Optional<Integer> worker) {
        if (phase != Phase.DEPLOYING && phase != Phase.RUNNING) {
            return;
        }
        views.failed(failure, worker, attempt);
        worker.ifPresent(number -> workers.failed(number, failure, env.clock().nowNs()));
        LOG.log(System.Logger.Level.WARNING, "attempt {0} failed: {1}", Long.toString(attempt), failure.message());
        if (canceling) {
            // A commit was awaited. One that can never be is no cancellation: a person has to act.
            stop(failure.unrecoverable() ? Ending.failed(failure.message()) : Ending.CANCELED);
            return;
        }
        endAttempt();
        switch (failures.failed(
                failure,
                start.facts(),
                env.clock().nowNs() / 1_000_000,
                env.randomness().nextChance())) {
            case FailurePolicy.Next.GoBack(long checkpointId) -> {
                start.damaged(checkpointId);
                enter(Phase.RESTARTING, "checkpoint " + checkpointId + ": " + failure.message());
            }
            case FailurePolicy.Next.GiveUp(String reason) -> stop(Ending.failed(reason));
            case FailurePolicy.Next.Restart(long delayMs) -> {
                delayPassed = delayMs == 0;
                if (!delayPassed) {
                    env.blocking().schedule(delayMs, mailbox, () -> delayPassed = true);
                }
                enter(Phase.RESTARTING, failure.message());
            }
        }
    }

    private void endAttempt() {
        sources.close();
        if (checkpoints != null) {
            triggers.savepoints().attemptEnded(checkpoints::isCopying);
            checkpoints.attemptEnded();
        }
        waits.attemptEnds(env.clock().nowNs());
        messages.toAll(new ToWorker.Cancel(attempt));
    }

    private boolean restartIfReady(long nowNs) {
        if (!workers.busy().isEmpty() || !delayPassed || checkpoints().isWriting() || workers.expectsReturn(nowNs)) {
            return false;
        }
        restarts++;
        if (start.isDamaged()) {
            checkpoints().detach();
            begin();
            return true;
        }
        start.advance(checkpoints());
        phase = Phase.WAITING;
        rescale();
        return true;
    }

    /** Where no attempt runs, the next one begins, with the parallelism that is wanted. */
    private void rescale() {
        if (phase == Phase.WAITING && scale.take(start.restore())) {
            messages.rescaled(scale.terms(writer().generation()));
        }
        deployIfReady();
    }

    private void stop(Ending how) {
        switch (phase) {
            case STARTING -> endForGood(how.phase(), how.text());
            case WAITING, DEPLOYING, RUNNING, RESTARTING -> {
                if (phase == Phase.DEPLOYING || phase == Phase.RUNNING) {
                    endAttempt();
                }
                ending = how;
                enter(Phase.STOPPING, how.text());
            }
            case STOPPING, FINISHED, CANCELED, SUSPENDED, FAILED, FENCED, INTERRUPTED -> {}
        }
    }

    private boolean endIfReady() {
        Ending how = ending;
        if (how == null || !workers.busy().isEmpty() || !checkpoints().comesToRest(how)) {
            return false;
        }
        ending = null;
        checkpoints().append(new LogRecord.End(how.reason(), how.text(), how.savepoint()), () -> {
            if (how.phase() == Phase.CANCELED && !live.checkpoint().retainOnCancel()) {
                checkpoints().deleteAll(() -> endForGood(how.phase(), how.text()));
            } else {
                endForGood(how.phase(), how.text());
            }
        });
        return true;
    }

    /** The job is over, and not only this coordinator. */
    private void endForGood(Phase last, String text) {
        // First: who hears of the end may close the network.
        network.end(last + ": " + text);
        end(last, text);
    }

    private void end(Phase last, String text) {
        views.operations().jobEnded(last, text, env.clock().wallMs());
        enter(last, text);
        ended = true;
    }

    private void enter(Phase next, String text) {
        if (next != phase) {
            LOG.log(System.Logger.Level.DEBUG, "{0} -> {1} {2}", phase, next, text);
        }
        phase = next;
        message = text;
        waits.entered(env.clock().nowNs());
        publish();
    }

    private void publish() {
        String text = waits.text(message, facts(), env.clock().nowNs());
        long generation = writer == null ? 0 : writer.generation();
        JobStatus status = JobStatus.of(phase, generation, restarts, start.restore(), views.checkpoints(), text);
        views.publish(status, attempt, messages.placement(), start);
        published.accept(status);
    }

    private LogWriter writer() {
        return Objects.requireNonNull(writer, "no generation has begun");
    }

    private CheckpointCoordinator checkpoints() {
        return Objects.requireNonNull(checkpoints, "no generation has begun");
    }

    /** What the checkpoints of this job want of its state machine. */
    private final class CheckpointHost implements CheckpointCoordinator.Host {
        @Override
        public Map<String, byte[]> enumerators(long checkpointId) {
            return sources.snapshot(checkpointId);
        }

        @Override
        public void tooManyFailures(String reason) {
            failed(new Failure("HF-CKP-030", reason, false), Optional.empty());
        }

        @Override
        public void fenced(FencedException error) {
            abandon(Phase.FENCED, String.valueOf(error.getMessage()));
        }

        @Override
        public void lost(Throwable error) {
            abandon(Phase.INTERRUPTED, "the log cannot be written: " + error.getMessage());
        }

        @Override
        public void aborted(long checkpointId) {
            triggers.aborted(checkpointId);
        }

        @Override
        public void committed(long checkpointId) {
            endIfDue(checkpointId);
            if (phase == Phase.RUNNING && !canceling && triggers.handover().isDue(checkpointId)) {
                endAttempt();
                enter(Phase.RESTARTING, triggers.handover().text());
            }
        }

        @Override
        public void savepoint(String name, long checkpointId, @Nullable Throwable error) {
            triggers.ended(name, checkpointId, error, env.clock().wallMs()).ifPresent(text -> {
                message = text;
                publish();
            });
            views.changed();
            endIfDue(0);
        }

        private void endIfDue(long committed) {
            triggers.ending(committed, checkpoints().uncommitted() == null).ifPresent(Coordinator.this::stop);
        }
    }
}
