package dev.holdfast.engine.coordinator;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.checkpoint.FencedException;
import dev.holdfast.engine.checkpoint.LogRecord;
import dev.holdfast.engine.checkpoint.LogWriter;
import dev.holdfast.engine.checkpoint.RestorePoint;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.checkpoint.RestoredFrom;
import dev.holdfast.engine.coordinator.JobStatus.Phase;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Loop;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.operator.Program;
import dev.holdfast.engine.operator.StateLayout;
import dev.holdfast.engine.protocol.Placement;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.ToCoordinator;
import dev.holdfast.engine.protocol.ToWorker;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of one job. Single-threaded: messages, results of blocking calls and commands come through the mailbox.
 *
 * <pre>
 * STARTING   -> WAITING      the log was read and this generation has begun
 *            -> FINISHED     the log says that the job had finished
 *            -> FAILED       nothing can be restored, or the program does not fit what is restored
 * WAITING    -> DEPLOYING    enough slots are offered
 * DEPLOYING  -> RUNNING      all workers have restored, committed what the log had decided, and removed left-overs
 * STARTING, WAITING -> CANCELED   a person canceled before anything ran; the log gets no End
 * RUNNING    -> STOPPING     all input, or the savepoint to stop with, is written and committed
 * DEPLOYING, RUNNING -> RESTARTING   a task failed, or too many checkpoints in a row
 *            -> STOPPING     the same, and restarting cannot help or is given up; or a person canceled
 * RESTARTING -> WAITING      no task runs any more, nothing is being written to the log, and the delay has passed
 *            -> STARTING     the restored checkpoint is damaged, and older ones are allowed
 *            -> STOPPING     a person canceled
 * STOPPING   -> FINISHED, CANCELED, SUSPENDED, FAILED   no task runs any more and the log has its End
 * any        -> FENCED       another coordinator has begun a newer generation
 * any        -> FAILED       it is unknown what is in the log: only a new coordinator can find out
 * </pre>
 */
public final class Coordinator implements Loop {
    private static final System.Logger LOG = System.getLogger(Coordinator.class.getName());

    /** Attempts of one generation are numbered from the generation times this. */
    private static final long ATTEMPTS_PER_GENERATION = 1_000_000;

    /** From one look for a newer generation to the next, while nothing is written to the log. */
    private static final long LOOK_NS = 2_000_000_000;

    /** The same while checkpoints write to the log, each of which would find out too. */
    private static final long LOOK_WHILE_RUNNING_NS = 30_000_000_000L;

    private final Env env;
    private final Mailbox mailbox;
    private final JobSettings settings;
    private final Program program;
    private final Workers network;
    private final Consumer<JobStatus> published;
    private final JobStore store;
    private final ArrayDeque<ToCoordinator> inbox = new ArrayDeque<>();
    private final WorkerSet workers = new WorkerSet();
    private final Set<Long> damaged = new HashSet<>();
    private final FailurePolicy failures;

    private Phase phase = Phase.STARTING;
    private String message = "";
    private @Nullable LogWriter writer;
    private @Nullable CheckpointCoordinator checkpoints;
    private @Nullable Enumerators enumerators;
    private @Nullable RestorePoint restore;
    private @Nullable RestorePoint commit;
    private @Nullable Placement placement;
    private List<Long> givenUp = List.of();
    private RestoreRequest request;
    private long attempt;
    private int restarts;
    private boolean delayPassed = true;
    private boolean ended;
    private long finalCheckpoint;
    private @Nullable Ending ending;
    private boolean canceling;
    private final SavepointRequests savepoints = new SavepointRequests();

    /** How the job is to end. */
    private record Ending(Phase phase, LogRecord.Reason reason, String text, Optional<String> savepoint) {}

    private static final Ending CANCELED =
            new Ending(Phase.CANCELED, LogRecord.Reason.CANCELED, "canceled", Optional.empty());

    /**
     * Makes a coordinator; {@link #begin} starts it.
     *
     * @param program the coordinator's own run of the program
     * @param network the way to the workers
     * @param published gets the status whenever it changes, on the coordinator's thread
     */
    public Coordinator(
            Env env,
            Mailbox mailbox,
            JobSettings settings,
            Program program,
            Workers network,
            Consumer<JobStatus> published) {
        this.env = env;
        this.mailbox = mailbox;
        this.settings = settings;
        this.program = program;
        this.network = network;
        this.published = published;
        this.store = new JobStore(env, settings);
        this.failures = new FailurePolicy(settings);
        this.request = settings.restore();
    }

    /** Takes over the job; on the coordinator's thread. */
    public void begin() {
        enter(Phase.STARTING, "");
        Set<Long> known = Set.copyOf(damaged);
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
        restore = begun.restore();
        commit = begun.commit();
        givenUp = begun.givenUp();
        if (writer == null) {
            endForGood(Phase.FINISHED, "the job had finished before");
            return;
        }
        try {
            if (commit != null) {
                StateLayout.checkCommittable(program, commit.manifest());
            }
            checkpoints = checkpointCoordinator(begun);
        } catch (HoldfastException e) {
            giveUpAtOnce(e);
            return;
        }
        network.begin(new Terms(writer().generation(), settings.parallelism(), program.plan()));
        enter(Phase.WAITING, restore == null ? "" : restore.note());
        deployIfReady();
    }

    private CheckpointCoordinator checkpointCoordinator(JobStore.Begun begun) {
        StateLayout layout =
                StateLayout.of(program, restore == null ? null : restore.manifest(), settings.allowDroppedState());
        return new CheckpointCoordinator(
                env,
                mailbox,
                settings,
                store,
                writer(),
                new ManifestBuilder(settings.root(), program, layout),
                begun.restore(),
                begun.nextCheckpointId(),
                () -> attempt,
                workers,
                this::send,
                this::publish,
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
            stop(CANCELED);
        }
    }

    /** Takes a savepoint while the job runs on. On the coordinator's thread. */
    public void savepoint(String name) {
        savepoints.add(name);
    }

    /** Takes a savepoint, commits, and stops. On the coordinator's thread. */
    public void stopWithSavepoint(String name) {
        savepoints.stopWith(name);
    }

    @Override
    public Progress step(long nowNs) {
        if (ended) {
            return Progress.ENDED;
        }
        boolean worked = false;
        for (ToCoordinator next = inbox.poll(); next != null && !ended; next = inbox.poll()) {
            handle(next);
            worked = true;
        }
        worked |= switch (phase) {
            case RUNNING -> {
                boolean looked = checkpoints().lookForSuccessor(nowNs, LOOK_WHILE_RUNNING_NS);
                yield run(nowNs) || looked;
            }
            case WAITING, DEPLOYING -> checkpoints().lookForSuccessor(nowNs, LOOK_NS);
            case RESTARTING -> restartIfReady(nowNs);
            case STOPPING -> endIfReady();
            case STARTING, FINISHED, CANCELED, SUSPENDED, FAILED, FENCED -> false;
        };
        return worked ? Progress.BUSY : Progress.IDLE;
    }

    private void handle(ToCoordinator incoming) {
        switch (incoming) {
            case ToCoordinator.Registered m -> registered(m);
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
            case ToCoordinator.SplitRequested m -> splitRequested(m.reader());
            case ToCoordinator.Acknowledged m ->
                whileRunning(rounds -> rounds.acknowledged(m.worker(), m.checkpointId(), m.snapshot()));
            case ToCoordinator.Declined m -> whileRunning(rounds -> rounds.declined(m.checkpointId(), m.reason()));
            case ToCoordinator.Committed m ->
                whileRunning(rounds -> {
                    workers.committed(m.worker(), m.checkpointId());
                    rounds.committed(workers.committedByAll());
                });
            case ToCoordinator.Drained m -> workers.drained(m.task());
            case ToCoordinator.Failed m -> failed(m.code(), m.code() + ": " + m.text());
            case ToCoordinator.Cancelled m -> workers.cancelled(m.worker());
        }
    }

    private void whileRunning(Consumer<CheckpointCoordinator> action) {
        if (phase == Phase.RUNNING) {
            action.accept(checkpoints());
        }
    }

    private void splitRequested(TaskId reader) {
        Enumerators present = enumerators;
        if (present != null) {
            guarded(() -> present.splitRequested(reader));
        }
    }

    private void registered(ToCoordinator.Registered worker) {
        if (workers.register(worker, program.plan().fingerprint())) {
            deployIfReady();
        }
    }

    private void lost(ToCoordinator.Lost m) {
        LOG.log(System.Logger.Level.WARNING, m.text());
        if (workers.lost(m.worker(), m.unconfirmed(), env.clock().nowNs())) {
            failed("HF-RUN-012", "HF-RUN-012: " + m.text());
        }
        deployIfReady();
    }

    private void deployIfReady() {
        if (phase != Phase.WAITING) {
            return;
        }
        int offered = workers.offeredSlots();
        int needed = program.plan().slots();
        if (offered < needed) {
            enter(Phase.WAITING, "waiting for slots: " + needed + " needed, " + offered + " offered");
            return;
        }
        deploy();
    }

    private void deploy() {
        long generation = writer().generation();
        attempt = generation * ATTEMPTS_PER_GENERATION + restarts;
        Placement placed = workers.beginAttempt(program.plan().slots());
        placement = placed;
        finalCheckpoint = 0;
        enter(Phase.DEPLOYING, message);
        send(new ToWorker.Deploy(
                attempt,
                generation,
                settings.parallelism(),
                program.plan().fingerprint(),
                Optional.ofNullable(restore),
                Optional.ofNullable(commit),
                placed));
    }

    private void deployed(int worker) {
        workers.deployed(worker);
        if (phase != Phase.DEPLOYING || !workers.allDeployed()) {
            return;
        }
        if (commit != null && commit.from() instanceof RestoredFrom.Checkpoint decided) {
            checkpoints().recommitted(decided.checkpointId(), decided.slot());
        }
        commit = null;
        // Only now: a marker stands for all before it too.
        givenUp.forEach(checkpoints()::giveUp);
        givenUp = List.of();
        if (phase != Phase.DEPLOYING) {
            return;
        }
        RestorePoint from = restore;
        if (from == null) {
            start(Map.of());
            return;
        }
        long mine = attempt;
        env.blocking().start("read source positions", () -> store.sources(from), mailbox, (sources, error) -> {
            if (mine != attempt || phase != Phase.DEPLOYING) {
                return;
            }
            if (sources == null) {
                String code = error instanceof HoldfastException known ? known.code() : "HF-RUN-009";
                failed(code, String.valueOf(error));
            } else {
                start(sources);
            }
        });
    }

    private void start(Map<String, Enumerators.RestoredSource> sources) {
        enter(Phase.RUNNING, "");
        send(new ToWorker.Start(attempt));
        long mine = attempt;
        Enumerators started = new Enumerators(env, mailbox, attempt, this::sendTo, error -> {
            if (mine == attempt) {
                failed(error);
            }
        });
        enumerators = started;
        guarded(() -> started.start(program, sources));
    }

    /** Enumerators are user code: what they throw fails the attempt. */
    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (HoldfastException e) {
            failed(e);
        }
    }

    private boolean run(long nowNs) {
        CheckpointCoordinator rounds = checkpoints();
        if (canceling) {
            if (rounds.isSettled()) {
                stop(CANCELED);
                return true;
            }
            return rounds.step(nowNs, false);
        }
        if (rounds.mayTrigger(nowNs)) {
            Optional<String> savepoint = savepoints.takeNext();
            if (savepoint.isPresent()) {
                guarded(() -> savepoints.triggered(rounds.trigger(savepoint)));
                return true;
            }
            if (!savepoints.isStopping()
                    && finalCheckpoint == 0
                    && workers.drainedTasks() == program.plan().tasks()) {
                guarded(() -> finalCheckpoint = rounds.trigger(Optional.empty()));
                return true;
            }
        }
        boolean[] worked = new boolean[1];
        guarded(() -> worked[0] = rounds.step(nowNs, !savepoints.isStopping() && finalCheckpoint == 0));
        return worked[0];
    }

    private void failed(Throwable error) {
        failed(
                error instanceof HoldfastException known ? known.code() : "HF-RUN-009",
                String.valueOf(error.getMessage()));
    }

    /** The attempt has failed: end its tasks, then decide. */
    private void failed(String code, String text) {
        if (phase != Phase.DEPLOYING && phase != Phase.RUNNING) {
            return;
        }
        LOG.log(System.Logger.Level.WARNING, "attempt {0} failed: {1}", Long.toString(attempt), text);
        if (canceling) {
            stop(CANCELED);
            return;
        }
        endAttempt();
        FailurePolicy.Facts facts = new FailurePolicy.Facts(restore, commit, request);
        double chance = (env.randomness().nextLong() >>> 11) * 0x1.0p-53;
        switch (failures.failed(code, text, facts, env.clock().nowNs() / 1_000_000, chance)) {
            case FailurePolicy.Next.GoBack(long checkpointId) -> {
                damaged.add(checkpointId);
                enter(Phase.RESTARTING, "checkpoint " + checkpointId + ": " + text);
            }
            case FailurePolicy.Next.GiveUp(String reason) ->
                stop(new Ending(Phase.FAILED, LogRecord.Reason.FAILED, reason, Optional.empty()));
            case FailurePolicy.Next.Restart(long delayMs) -> {
                delayPassed = delayMs == 0;
                if (!delayPassed) {
                    env.blocking().schedule(delayMs, mailbox, () -> delayPassed = true);
                }
                enter(Phase.RESTARTING, text);
            }
        }
    }

    private void endAttempt() {
        if (enumerators != null) {
            enumerators.close();
            enumerators = null;
        }
        if (checkpoints != null) {
            savepoints.attemptEnded(checkpoints.isCopying());
            checkpoints.attemptEnded();
        }
        send(new ToWorker.Cancel(attempt));
    }

    private boolean restartIfReady(long nowNs) {
        if (!workers.busy().isEmpty() || !delayPassed || checkpoints().isWriting() || workers.expectsReturn(nowNs)) {
            return false;
        }
        restarts++;
        if (restore != null && damaged.contains(restore.manifest().checkpointId())) {
            checkpoints().detach();
            begin();
            return true;
        }
        JobStore.Stored latest = checkpoints().latest();
        if (latest != null) {
            restore = store.point(
                    latest.entry(), latest.manifest(), latest.completed().checkpointId());
            // What a person chose to begin from is behind.
            request = new RestoreRequest.Latest();
        }
        JobStore.Stored uncommitted = checkpoints().uncommitted();
        if (uncommitted != null) {
            commit = store.point(
                    uncommitted.entry(),
                    uncommitted.manifest(),
                    uncommitted.completed().checkpointId());
        }
        phase = Phase.WAITING;
        deployIfReady();
        return true;
    }

    private void stop(Ending how) {
        switch (phase) {
            case STARTING, WAITING -> endForGood(how.phase(), how.text());
            case DEPLOYING, RUNNING -> {
                endAttempt();
                ending = how;
                enter(Phase.STOPPING, how.text());
            }
            case RESTARTING -> {
                ending = how;
                enter(Phase.STOPPING, how.text());
            }
            case STOPPING, FINISHED, CANCELED, SUSPENDED, FAILED, FENCED -> {}
        }
    }

    private boolean endIfReady() {
        Ending how = ending;
        if (how == null || !workers.busy().isEmpty() || !checkpoints().isAtRest()) {
            return false;
        }
        ending = null;
        checkpoints().append(new LogRecord.End(how.reason(), how.text(), how.savepoint()), () -> {
            boolean delete =
                    how.phase() == Phase.CANCELED && !settings.checkpoint().retainOnCancel();
            if (delete) {
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
        enter(last, text);
        ended = true;
    }

    private void sendTo(TaskId task, ToWorker outgoing) {
        network.send(Objects.requireNonNull(placement).workerOfSlot().get(task.subtask()), outgoing);
    }

    /** To all workers that take part in the attempt. */
    private void send(ToWorker outgoing) {
        workers.members().forEach(worker -> network.send(worker, outgoing));
    }

    private void enter(Phase next, String text) {
        if (next != phase) {
            LOG.log(System.Logger.Level.DEBUG, "{0} -> {1} {2}", phase, next, text);
        }
        phase = next;
        message = text;
        publish();
    }

    private void publish() {
        CheckpointCoordinator rounds = checkpoints;
        published.accept(new JobStatus(
                phase,
                writer == null ? 0 : writer.generation(),
                restarts,
                restore == null ? 0 : restore.manifest().checkpointId(),
                rounds == null ? 0 : rounds.completedCount(),
                rounds == null ? 0 : rounds.failedCount(),
                rounds == null ? Optional.empty() : rounds.info(),
                message));
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
            Enumerators present = enumerators;
            return present == null ? Map.of() : present.snapshot(checkpointId);
        }

        @Override
        public void tooManyFailures(String reason) {
            failed("HF-CKP-030", "HF-CKP-030: " + reason);
        }

        @Override
        public void fenced(FencedException error) {
            abandon(Phase.FENCED, String.valueOf(error.getMessage()));
        }

        @Override
        public void lost(Throwable error) {
            abandon(Phase.FAILED, "the log cannot be written: " + error.getMessage());
        }

        private void abandon(Phase last, String text) {
            if (!ended) {
                LOG.log(System.Logger.Level.WARNING, text);
                endAttempt();
                end(last, text);
            }
        }

        @Override
        public void aborted(long checkpointId) {
            if (checkpointId == finalCheckpoint) {
                finalCheckpoint = 0;
            }
        }

        @Override
        public void committed(long checkpointId) {
            if (finalCheckpoint != 0 && checkpointId >= finalCheckpoint) {
                stop(new Ending(Phase.FINISHED, LogRecord.Reason.FINISHED, "all input is processed", Optional.empty()));
            }
            stopIfSaved();
        }

        @Override
        public void savepoint(String name, long checkpointId, @Nullable Throwable error) {
            if (error == null) {
                savepoints.saved(checkpointId);
                stopIfSaved();
                return;
            }
            LOG.log(System.Logger.Level.WARNING, "savepoint " + name + " failed", error);
            if (savepoints.failed(checkpointId)) {
                message = "stop with savepoint " + name + " failed, the job goes on: " + error.getMessage();
                publish();
            }
        }

        private void stopIfSaved() {
            Optional<String> name = savepoints.savedStop();
            if (name.isPresent() && checkpoints().uncommitted() == null) {
                stop(new Ending(
                        Phase.SUSPENDED, LogRecord.Reason.SUSPENDED, "stopped with savepoint " + name.get(), name));
            }
        }
    }
}
