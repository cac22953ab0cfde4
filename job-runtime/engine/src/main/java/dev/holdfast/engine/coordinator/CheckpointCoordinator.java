package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.checkpoint.Collection;
import dev.holdfast.engine.checkpoint.FencedException;
import dev.holdfast.engine.checkpoint.LogRecord;
import dev.holdfast.engine.checkpoint.LogWriter;
import dev.holdfast.engine.checkpoint.Manifest;
import dev.holdfast.engine.checkpoint.RestorePoint;
import dev.holdfast.engine.env.BlockingCalls;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.protocol.ToCoordinator.WorkerSnapshot;
import dev.holdfast.engine.protocol.ToWorker;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints of one generation, from trigger to collection.
 *
 * <ol>
 *   <li>Trigger: enumerators are captured first, then sources are told, in this order on every connection.
 *   <li>When all workers have acknowledged: manifest, then log slot, one checkpoint after the other. The slot is the decision.
 *   <li>Workers commit. When all have, the slot gets its marker.
 *   <li>Then what is no longer retained is collected.
 * </ol>
 *
 * A checkpoint that is not complete in time, or that a worker declined, is aborted, and so is one that a newer one overtook: it
 * would put the log back to older positions, while sinks have committed the newer ones. One whose slot is being written is never
 * aborted: its outcome is awaited. Runs on the coordinator's thread.
 */
final class CheckpointCoordinator {
    private static final System.Logger LOG = System.getLogger(CheckpointCoordinator.class.getName());

    /** From one look for a newer generation to the next, while nothing is written to the log. */
    private static final long LOOK_NS = 2_000_000_000;

    /** The same while checkpoints write to the log, each of which would find out too. */
    private static final long LOOK_WHILE_RUNNING_NS = 30_000_000_000L;

    private final Env env;
    private final Mailbox mailbox;
    private final LiveSettings live;
    private final JobStore store;
    private final LogWriter writer;
    private final Supplier<ManifestBuilder> manifests;
    private final TreeMap<Long, Manifest> retained = new TreeMap<>();
    private final LongSupplier attempt;
    private final WorkerSet workers;
    private final Consumer<ToWorker> send;
    private final Runnable changed;
    private final Host host;
    private final CheckpointMetrics metrics;
    private final CheckpointRounds rounds;
    private final ArrayDeque<Runnable> logWork = new ArrayDeque<>();
    private final SavepointCopies savepoints;
    private final CheckpointHistory history;
    private final GarbageCollection garbage;
    private boolean logBusy;
    private Waits.@Nullable Wait logWait;
    private Waits.@Nullable Wait commitWait;
    private boolean looking;
    private long lookedNs;
    private boolean stopped;
    private long nextId;
    private JobStore.@Nullable Stored latest;
    private JobStore.@Nullable Stored uncommitted;

    /** What a checkpoint coordinator needs of its job. */
    interface Host {
        /** The states of the enumerators. */
        Map<String, byte[]> enumerators(long checkpointId);

        /** Too many checkpoints failed in a row. */
        void tooManyFailures(String reason);

        /** Another coordinator has taken over. */
        void fenced(FencedException error);

        /** It is unknown what is in the log, or it cannot be written: this coordinator cannot go on. */
        void lost(Throwable error);

        /** A checkpoint was given up. */
        void aborted(long checkpointId);

        /** The transactions of a checkpoint are committed. */
        void committed(long checkpointId);

        /** A savepoint is in the log, or has failed. */
        void savepoint(String name, long checkpointId, @Nullable Throwable error);
    }

    /**
     * Makes one.
     *
     * @param attempt number of the present attempt
     * @param workers those that must acknowledge and commit
     * @param send to all workers
     * @param history gets what becomes of each checkpoint
     * @param changed called when something that {@link JobStatus} shows has changed
     */
    CheckpointCoordinator(
            Env env,
            Mailbox mailbox,
            JobSettings settings,
            LiveSettings live,
            JobStore store,
            LogWriter writer,
            Supplier<ManifestBuilder> manifests,
            @Nullable RestorePoint restored,
            long nextId,
            LongSupplier attempt,
            WorkerSet workers,
            Consumer<ToWorker> send,
            CheckpointHistory history,
            Runnable changed,
            CheckpointMetrics metrics,
            Host host) {
        this.env = env;
        this.mailbox = mailbox;
        this.live = live;
        this.store = store;
        this.writer = writer;
        this.manifests = manifests;
        if (restored != null && restored.shared()) {
            retained.put(restored.manifest().checkpointId(), restored.manifest());
        }
        this.nextId = nextId;
        this.attempt = attempt;
        this.workers = workers;
        this.send = send;
        this.history = history;
        this.changed = changed;
        this.metrics = metrics;
        this.host = host;
        this.savepoints = new SavepointCopies(settings.timeouts().savepoint(), host::savepoint);
        this.lookedNs = env.clock().nowNs();
        this.rounds = new CheckpointRounds(live, lookedNs);
        this.garbage = new GarbageCollection(store, writer, env.clock(), this::keep, this::work);
    }

    /** The newest checkpoint that this generation completed. */
    JobStore.@Nullable Stored latest() {
        return latest;
    }

    /** The newest one whose transactions may not all be committed. */
    JobStore.@Nullable Stored uncommitted() {
        return uncommitted;
    }

    CheckpointMetrics metrics() {
        return metrics;
    }

    /** Whether nothing is decided, or being decided, that is not committed. */
    boolean isSettled() {
        return uncommitted == null && !logBusy;
    }

    /**
     * Whether nothing is being written to the log, and nothing deleted. First what given up checkpoints left is deleted, but for a job
     * that failed: a later start does it.
     */
    boolean comesToRest(Ending how) {
        if (logBusy || garbage.isBusy()) {
            return false;
        }
        return how.phase() == JobStatus.Phase.FAILED || retained.isEmpty() || !garbage.beforeEnd();
    }

    /** Whether a record is being written to the log. */
    boolean isWriting() {
        return logBusy;
    }

    /** Gives up copies into savepoints that take too long. */
    void expireSavepoints(long nowNs) {
        savepoints.expire(nowNs);
    }

    /** What is being done on the store. */
    List<Waits.Wait> waits() {
        return Stream.of(Optional.ofNullable(logWait), garbage.waiting(), savepoints.longest(), commitWait())
                .flatMap(Optional::stream)
                .toList();
    }

    /** The commit that workers have not answered, since the last one that they did. */
    Optional<Waits.Wait> commitWait() {
        return Optional.ofNullable(commitWait);
    }

    /** Times out what is overdue and begins what is due. Called while the job runs. */
    boolean step(long nowNs, boolean periodic) {
        Optional<PendingCheckpoint> overdue = rounds.overdue(nowNs);
        if (overdue.isPresent()) {
            fail(
                    overdue.get(),
                    "not complete after " + live.checkpoint().timeout().toMillis() + " ms");
            // This may have ended the attempt, in which nothing may begin any more.
            return true;
        }
        if (periodic && rounds.isDue(nowNs)) {
            trigger(Optional.empty());
            return true;
        }
        return false;
    }

    /**
     * Looks from time to time whether a newer generation has begun. One that only waits for workers writes nothing to the log, and
     * would not find out that it shares them with its successor.
     */
    boolean lookForSuccessor(long nowNs, boolean running) {
        if (looking || nowNs - lookedNs < (running ? LOOK_WHILE_RUNNING_NS : LOOK_NS)) {
            return false;
        }
        looking = true;
        lookedNs = nowNs;
        work(
                "look for a newer generation",
                () -> {
                    writer.checkCurrent();
                    return true;
                },
                (done, error) -> looking = false);
        return true;
    }

    /** Whether a checkpoint may begin now that is not a periodic one. */
    boolean mayTrigger(long nowNs) {
        return rounds.mayTrigger(nowNs);
    }

    /** Begins a checkpoint. */
    long trigger(Optional<String> savepoint) {
        long id = nextId++;
        PendingCheckpoint pending = new PendingCheckpoint(
                id, retained.isEmpty() ? 0 : retained.lastKey(), env.clock().nowNs(), savepoint, host.enumerators(id));
        rounds.add(pending);
        history.triggered(pending, attempt.getAsLong(), env.clock().wallMs());
        send.accept(new ToWorker.Trigger(attempt.getAsLong(), id));
        return id;
    }

    void acknowledged(int worker, long id, WorkerSnapshot snapshot) {
        rounds.get(id).ifPresent(pending -> {
            if (pending.acknowledge(
                    worker, snapshot, workers.busy(), env.clock().nowNs())) {
                complete(pending);
            }
        });
    }

    void declined(long id, String reason) {
        rounds.get(id).ifPresent(pending -> {
            if (!pending.isStoring()) {
                fail(pending, reason);
            }
        });
    }

    private void complete(PendingCheckpoint pending) {
        ManifestBuilder builder = manifests.get();
        log(
                "complete checkpoint " + pending.id(),
                () -> {
                    boolean wanted = rounds.isPending(pending);
                    if (wanted) {
                        pending.store(env.clock().nowNs());
                    }
                    return wanted;
                },
                () -> {
                    // No other checkpoint completes meanwhile: the log is written one piece after the other.
                    List<Manifest> base =
                            List.copyOf(retained.tailMap(pending.after(), true).values());
                    Manifest manifest = builder.build(
                            pending.id(),
                            writer.generation(),
                            env.clock().wallMs(),
                            pending.acks().values(),
                            store.place(pending.id(), writer.generation(), pending.enumerators()));
                    return store.complete(writer, manifest, base);
                },
                (stored, error) -> {
                    if (stored != null) {
                        completed(pending, stored);
                    } else if (error != null) {
                        storingFailed(pending, error);
                    }
                });
    }

    private void storingFailed(PendingCheckpoint pending, Throwable error) {
        if (JobErrors.leavesLogOpen(error)) {
            stopped = true;
            host.lost(error);
        } else {
            fail(pending, "could not be written: " + error);
        }
    }

    private void completed(PendingCheckpoint pending, JobStore.Stored stored) {
        long id = pending.id();
        long nowNs = env.clock().nowNs();
        rounds.remove(id, nowNs);
        rounds.succeeded();
        metrics.completed(pending, nowNs, stored.manifest().incrementalBytes());
        latest = stored;
        if (stored.completed().hasCommittables()) {
            uncommitted = stored;
            if (commitWait == null) {
                commitWait = new Waits.Wait("workers to commit checkpoint " + id, nowNs);
            }
        }
        Manifest manifest = stored.manifest();
        retained.put(id, manifest);
        retained.headMap(oldestNeeded(), false).clear();
        history.completed(pending, manifest, env.clock().nowNs(), env.clock().wallMs());
        send.accept(new ToWorker.Completed(attempt.getAsLong(), id));
        for (PendingCheckpoint older : rounds.pending()) {
            if (older.id() < id) {
                aborted(older, "checkpoint " + id + ", which is newer, completed first");
                drop(older);
                // Whoever asked for a savepoint of it gets a newer one.
                older.savepoint().ifPresent(name -> copy(name, manifest));
            }
        }
        pending.savepoint().ifPresent(name -> copy(name, manifest));
        if (!stopped) {
            garbage.afterCheckpoint();
        }
        changed.run();
    }

    /** The oldest checkpoint whose objects a pending one may refer to: the newest complete one when it was triggered, if any. */
    private long oldestNeeded() {
        long oldest = rounds.pending().stream()
                .mapToLong(PendingCheckpoint::after)
                .min()
                .orElse(retained.lastKey());
        return Math.max(oldest, retained.firstKey());
    }

    private void copy(String name, Manifest manifest) {
        SavepointCopies.Copy copy =
                savepoints.begin(name, manifest.checkpointId(), env.clock().nowNs());
        work(
                "copy savepoint " + name,
                () -> store.copySavepoint(writer, name, manifest, copy::isGivenUp),
                (copied, error) -> {
                    if (copied == null || copy.isGivenUp()) {
                        savepoints.ended(copy, error);
                        return;
                    }
                    log(
                            "log savepoint " + name,
                            () -> true,
                            () -> store.append(writer, copied),
                            (entry, failure) -> savepoints.ended(copy, failure));
                });
    }

    /** Whether a checkpoint, or a newer one, is being copied into a savepoint of this name. */
    boolean isCopying(String name, long checkpointId) {
        return savepoints.isCopying(name, checkpointId);
    }

    /** All workers have committed up to a checkpoint. */
    void committed(long id) {
        JobStore.Stored open = uncommitted;
        Waits.Wait waited = commitWait;
        commitWait = null;
        if (open != null && open.completed().checkpointId() <= id) {
            metrics.committed(waited, env.clock().nowNs());
            uncommitted = null;
            mark(open.entry().slot());
        } else if (open != null) {
            commitWait = new Waits.Wait(
                    "workers to commit checkpoint " + open.completed().checkpointId(),
                    env.clock().nowNs());
        }
        host.committed(id);
    }

    /** A new attempt has committed what an earlier one, or an earlier generation, had left open. */
    void recommitted(long id, long slot) {
        JobStore.Stored open = uncommitted;
        if (open == null || open.completed().checkpointId() > id) {
            mark(slot);
        }
        committed(id);
    }

    /** The transactions of a log slot cannot be committed any more: its checkpoint is damaged, an older one took its place. */
    void giveUp(long slot) {
        mark(slot);
    }

    /** Notes that the transactions of a log slot are committed. Only saves work, so its failure changes nothing. */
    private void mark(long slot) {
        env.blocking()
                .start(
                        "mark slot " + slot,
                        () -> {
                            store.markCommitted(writer, slot);
                            return true;
                        },
                        mailbox,
                        (done, error) -> {
                            if (error != null) {
                                LOG.log(
                                        System.Logger.Level.WARNING,
                                        "the committed marker of slot " + slot + " failed: " + error);
                            }
                        });
    }

    /** Appends a record at its turn. */
    void append(LogRecord record, Runnable done) {
        log(
                "append " + record.getClass().getSimpleName(),
                () -> true,
                () -> store.append(writer, record),
                (entry, error) -> {
                    if (error != null) {
                        stopped = true;
                        host.lost(error);
                    } else {
                        done.run();
                    }
                });
    }

    /** Gives up everything that is pending and not being written, since the attempt has ended. */
    void attemptEnded() {
        commitWait = null;
        for (PendingCheckpoint pending : rounds.pending()) {
            if (!pending.isStoring()) {
                rounds.remove(pending.id(), env.clock().nowNs());
                garbage.leftOvers();
                aborted(pending, "its attempt ended");
                pending.savepoint()
                        .ifPresent(name -> host.savepoint(
                                name,
                                pending.id(),
                                new IllegalStateException("the job restarted before it was complete")));
            }
        }
    }

    /** Ends what this object does: the coordinator begins a new generation, and what is under way may find itself fenced. */
    void detach() {
        stopped = true;
    }

    /** Deletes all checkpoints, after the job's End. */
    void deleteAll(Runnable done) {
        garbage.deleteAll(nextId, done);
    }

    private void fail(PendingCheckpoint pending, String reason) {
        LOG.log(System.Logger.Level.WARNING, "checkpoint " + pending.id() + " failed: " + reason);
        metrics.failed().add(1);
        history.failed(pending, reason, env.clock().nowNs(), env.clock().wallMs());
        abort(pending);
        if (rounds.failed()) {
            host.tooManyFailures("checkpoint " + pending.id() + " failed: " + reason
                    + "; more failed in a row than checkpoint.tolerable-failures = "
                    + live.checkpoint().tolerableFailures());
        }
        changed.run();
    }

    private void aborted(PendingCheckpoint pending, String reason) {
        history.aborted(pending, reason, env.clock().nowNs(), env.clock().wallMs());
    }

    private void drop(PendingCheckpoint pending) {
        rounds.remove(pending.id(), env.clock().nowNs());
        garbage.leftOvers();
        send.accept(new ToWorker.Aborted(attempt.getAsLong(), pending.id()));
        host.aborted(pending.id());
    }

    private void abort(PendingCheckpoint pending) {
        drop(pending);
        pending.savepoint()
                .ifPresent(name -> host.savepoint(
                        name, pending.id(), new IllegalStateException("checkpoint " + pending.id() + " was aborted")));
    }

    /** What a collection that begins now must leave. */
    private Collection.Keep keep() {
        Set<Long> copying = savepoints.checkpoints();
        Set<Long> needed = new HashSet<>(copying);
        needed.add(oldestNeeded());
        long oldestPending = Stream.concat(rounds.pending().stream().map(PendingCheckpoint::id), copying.stream())
                .mapToLong(Long::longValue)
                .min()
                .orElse(nextId);
        return new Collection.Keep(live.checkpoint().retained(), needed, oldestPending);
    }

    /**
     * Runs work that appends to the log, one piece after the other.
     *
     * @param turn called when its turn has come, on the coordinator's thread; false if it is no longer wanted
     */
    private <T> void log(String what, BooleanSupplier turn, Callable<T> call, BlockingCalls.Done<T> done) {
        logWork.add(() -> {
            if (!turn.getAsBoolean()) {
                return;
            }
            logBusy = true;
            logWait = new Waits.Wait("the store, to " + what, env.clock().nowNs());
            work(what, call, (result, error) -> {
                logBusy = false;
                logWait = null;
                done.accept(result, error);
                next();
            });
        });
        next();
    }

    private void next() {
        while (!logBusy && !stopped && !logWork.isEmpty()) {
            logWork.poll().run();
        }
    }

    private <T> void work(String what, Callable<T> call, BlockingCalls.Done<T> done) {
        env.blocking().start(what, call, mailbox, (result, error) -> {
            if (stopped) {
                return;
            }
            if (error instanceof FencedException fenced) {
                stopped = true;
                logBusy = false;
                host.fenced(fenced);
                return;
            }
            done.accept(result, error);
        });
    }
}
