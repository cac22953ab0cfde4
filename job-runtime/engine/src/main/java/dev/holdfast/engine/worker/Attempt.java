package dev.holdfast.engine.worker;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.checkpoint.CheckpointStore;
import dev.holdfast.engine.checkpoint.Opaque;
import dev.holdfast.engine.checkpoint.RestorePoint;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.exchange.network.Exchange;
import dev.holdfast.engine.exchange.network.PeerAddress;
import dev.holdfast.engine.exchange.network.Peers;
import dev.holdfast.engine.graph.Plan;
import dev.holdfast.engine.operator.Program;
import dev.holdfast.engine.protocol.Failure;
import dev.holdfast.engine.protocol.Placement;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.ToCoordinator;
import dev.holdfast.engine.protocol.ToWorker;
import dev.holdfast.engine.protocol.WorkerAddress;
import dev.holdfast.engine.state.LocalSegments;
import dev.holdfast.engine.state.SlotStateSettings;
import dev.holdfast.engine.task.OpenCalls;
import dev.holdfast.engine.task.Slot;
import dev.holdfast.engine.task.SlotDeployment;
import dev.holdfast.engine.task.TaskListener;
import dev.holdfast.engine.task.TaskSnapshot;
import dev.holdfast.engine.task.Upload;
import dev.holdfast.engine.task.Wiring;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of the job in one worker: its slots, and the checkpoints that they are taking. All methods run on the worker's
 * thread; slots are reached through their mailboxes.
 *
 * <p>States: DEPLOYING; READY when every slot has its tasks; RUNNING by Start; CANCELLING by {@link #cancel}, from any state; OVER
 * when every slot has ended. A slot that does not end in time is told to the coordinator once ({@link ToCoordinator.Stuck}); the
 * attempt stays CANCELLING, since what still runs may come among the work of another attempt.
 */
final class Attempt {
    private static final System.Logger LOG = System.getLogger(Attempt.class.getName());

    /** Limits are seconds and more. */
    private static final long WATCH_EVERY_NS = 100_000_000L;

    private static final long TELL_EVERY_NS = 1_000_000_000L;

    /** What is shorter is no wait that anybody wants to read of. */
    private static final long TELL_AFTER_NS = 2_000_000_000L;

    private enum State {
        DEPLOYING,
        READY,
        RUNNING,
        CANCELLING,
        OVER
    }

    private final int worker;
    private final Env env;
    private final WorkerJob job;
    private final Mailbox mailbox;
    private final Consumer<ToCoordinator> coordinator;
    private final ToWorker.Deploy order;
    private final CheckpointStore store;
    private final @Nullable Peers peers;
    private final WorkerDisk disk;
    private final Description description;
    private final TreeMap<Integer, Place> places = new TreeMap<>();
    private final Map<Long, Capture> captures = new TreeMap<>();
    private final Map<TaskId, Long> committed = new HashMap<>();
    private final Set<TaskId> tasks = new HashSet<>();
    private State state = State.DEPLOYING;
    private @Nullable TaskWatch tasksWatch;
    private boolean connected;
    private int deployed;
    private long toldCommitted;
    private boolean failed;
    private boolean describing;
    private boolean stuck;
    private boolean toldWait;
    private long describingNs;
    private long cancelledNs;
    private long watchedNs;
    private long toldWaitNs;

    Attempt(
            int worker,
            Env env,
            WorkerJob job,
            Mailbox mailbox,
            Consumer<ToCoordinator> coordinator,
            @Nullable Peers peers,
            WorkerDisk disk,
            Description description,
            ToWorker.Deploy order) {
        this.worker = worker;
        this.env = env;
        this.job = job;
        this.mailbox = mailbox;
        this.coordinator = coordinator;
        this.peers = peers;
        this.disk = disk;
        this.description = description;
        this.order = order;
        this.store = new CheckpointStore(env, job.root());
    }

    long number() {
        return order.attempt();
    }

    boolean isOver() {
        return state == State.OVER;
    }

    /** Makes the slots that are placed here, each in a blocking call of its own, and the ways to the other workers. */
    void deploy() {
        describing = true;
        describingNs = env.clock().nowNs();
        env.blocking().start("describe the program", () -> describe(), mailbox, (program, error) -> {
            describing = false;
            if (state == State.CANCELLING) {
                endIfClosed();
            } else if (program == null) {
                fail(null, error != null ? error : new IllegalStateException("a program that describes nothing"));
            } else {
                stands("the program is described");
                deploySlots(program);
            }
        });
    }

    /** Where the time of a deployment goes. */
    private void stands(String what) {
        LOG.log(
                System.Logger.Level.DEBUG,
                () -> "attempt " + number() + ": " + what + " after "
                        + (env.clock().nowNs() - describingNs) / 1_000 + " us");
    }

    private Program describe() {
        Program program = description.of(order.parallelism());
        checkPlan(program.plan());
        disk.segments().restoring(order.restore().map(Attempt::segments).orElse(List.of()));
        return program;
    }

    private static List<LocalSegments.Key> segments(RestorePoint point) {
        return point.manifest().operators().stream()
                .flatMap(operator -> operator.subtasks().stream())
                .flatMap(subtask -> subtask.keyed().stream())
                .flatMap(list -> list.segments().stream())
                .map(segment -> LocalSegments.Key.of(point.base(), segment))
                .distinct()
                .toList();
    }

    private void deploySlots(Program program) {
        job.metrics().begin(number());
        Exchange exchange = connect();
        Wiring wiring = Wiring.of(program.graph(), order.placement(), worker, exchange, job.networkBytes());
        for (int number : order.placement().slotsOf(worker)) {
            deploySlot(number, program, wiring);
        }
    }

    private void checkPlan(Plan plan) {
        if (!plan.fingerprint().equals(order.fingerprint())) {
            throw new HoldfastException(
                    "HF-RUN-007",
                    "the plan of worker " + worker + " has fingerprint " + plan.fingerprint() + ", the coordinator's "
                            + order.fingerprint() + ". Start both with the same program and parameters.");
        }
    }

    /** The channels to other workers, or null if there are none. */
    private @Nullable Exchange connect() {
        List<PeerAddress> others = order.placement().workers().stream()
                .filter(member -> member.number() != worker)
                .map(Attempt::address)
                .toList();
        if (others.isEmpty()) {
            connected = true;
            return null;
        }
        return Objects.requireNonNull(peers, "this worker has no way to others").begin(number(), others);
    }

    private static PeerAddress address(Placement.Member member) {
        WorkerAddress address = member.address()
                .orElseThrow(() -> new IllegalStateException("worker " + member.name() + " has no address"));
        return new PeerAddress(member.name(), address.incarnation(), new Endpoint(address.host(), address.port()));
    }

    /** The ways to all other workers are there. */
    void peersConnected() {
        stands("other workers are connected");
        connected = true;
        readyIfComplete();
    }

    /** A way to another worker is lost, or could not be made. */
    void peersFailed(String text) {
        fail(null, new HoldfastException("HF-NET-024", text));
    }

    private void deploySlot(int number, Program program, Wiring wiring) {
        int index = number;
        program.plan().vertices().stream()
                .filter(vertex -> index < vertex.parallelism())
                .forEach(vertex -> tasks.add(new TaskId(vertex.number(), index)));
        OpenCalls calls = new OpenCalls(env.clock());
        SlotDeployment deployment = new SlotDeployment(
                env,
                store,
                disk.stores(),
                new SlotStateSettings(directory(number), job.memoryBudgetBytes() / job.slots(), job.thresholds()),
                disk.segments(),
                job.identity(),
                () -> job.programs().apply(order.parallelism()),
                job.allowDroppedState(),
                job.metrics(),
                calls,
                job.timeouts());
        Slot[] made = new Slot[1];
        Listening listening = new Listening();
        env.loops()
                .start(
                        "slot-" + number,
                        slotMail -> {
                            made[0] = new Slot(env.clock(), slotMail, listening);
                            return made[0];
                        },
                        error -> mailbox.post(() -> broken(place(index), error)));
        Place place = new Place(
                made[0],
                new SlotWatch(
                        number, made[0], calls, job.timeouts(), env.clock().nowNs()));
        places.put(number, place);
        SlotDeployment.Order slotOrder = new SlotDeployment.Order(
                number,
                order.attempt(),
                order.restore().orElse(null),
                order.commit().orElse(null),
                wiring);
        env.blocking()
                .start(
                        "deploy slot " + number,
                        () -> deployment.deploy(slotOrder, place.slot.mailbox(), listening),
                        mailbox,
                        (ready, error) -> deployed(place, ready, error));
    }

    /** Of this attempt alone: a flush of the one before may still end, and clear its own directory. */
    private String directory(int slot) {
        return LocalSegments.SLOT + slot + "/" + order.attempt();
    }

    private void deployed(Place place, SlotDeployment.@Nullable Deployed ready, @Nullable Throwable error) {
        place.deploying = false;
        if (ready == null) {
            fail(null, error != null ? error : new IllegalStateException("a deployment ended without a result"));
        } else {
            place.slot.mailbox().post(() -> place.slot.install(ready));
            deployed++;
            stands(deployed + " of " + places.size() + " slots are deployed");
        }
        if (state == State.CANCELLING) {
            end(place);
        } else {
            readyIfComplete();
        }
    }

    private void readyIfComplete() {
        if (state == State.DEPLOYING && connected && !describing && deployed == places.size()) {
            state = State.READY;
            coordinator.accept(new ToCoordinator.Deployed(worker, number()));
        }
    }

    void start() {
        if (state == State.READY) {
            state = State.RUNNING;
            tasksWatch = new TaskWatch(job.metrics(), env.clock().nowNs());
            toSlots(Slot::start);
        }
    }

    void assign(TaskId reader, Opaque splits) {
        toSlotOf(reader, slot -> slot.addSplits(reader, splits.bytes()));
    }

    void noMoreSplits(TaskId reader) {
        toSlotOf(reader, slot -> slot.noMoreSplits(reader));
    }

    void drain() {
        toSlots(Slot::drain);
    }

    void trigger(long checkpointId) {
        if (state == State.RUNNING) {
            captures.put(checkpointId, new Capture());
            toSlots(slot -> slot.trigger(checkpointId));
        }
    }

    void completed(long checkpointId) {
        disk.segments().completed(checkpointId);
        Capture capture = captures.remove(checkpointId);
        Upload upload = capture == null ? null : capture.upload;
        toSlots(slot -> slot.completed(checkpointId, upload));
    }

    void aborted(long checkpointId) {
        disk.segments().aborted(checkpointId);
        if (captures.remove(checkpointId) != null) {
            toSlots(slot -> slot.aborted(checkpointId));
        }
    }

    /** Ends all slots; tells the coordinator when no task of this attempt runs any more. */
    void cancel() {
        if (state == State.CANCELLING || state == State.OVER) {
            return;
        }
        state = State.CANCELLING;
        cancelledNs = env.clock().nowNs();
        List.copyOf(places.values()).forEach(this::end);
        endIfClosed();
    }

    /** A slot's loop has ended by an error of the engine itself: its thread runs nothing any more. */
    private void broken(Place place, Throwable error) {
        place.loopDead = true;
        place.watch.ended();
        fail(null, error);
        if (state == State.CANCELLING && !place.deploying && !place.closed) {
            close(place, place.slot.endDead());
        }
    }

    /** Ends a slot, unless it is still being deployed: then it is ended when that is done. */
    private void end(Place place) {
        if (place.deploying) {
            return;
        }
        if (place.loopDead) {
            close(place, place.slot.endDead());
        } else {
            place.slot.mailbox().post(() -> place.slot.end(remains -> close(place, remains)));
        }
    }

    /** On the slot's thread, or in its place when that has ended. */
    private void close(Place place, Slot.Remains remains) {
        place.watch.ended();
        env.blocking()
                .start(
                        "close slot",
                        () -> {
                            remains.closeCommitters();
                            return true;
                        },
                        mailbox,
                        (done, error) -> {
                            if (error != null) {
                                LOG.log(
                                        System.Logger.Level.WARNING,
                                        "a slot could not be closed: {0}",
                                        error.toString());
                            }
                            // A state that is closing harms nobody, and takes time.
                            disk.close(number(), remains::closeState);
                            place.closed = true;
                            endIfClosed();
                        });
    }

    private void endIfClosed() {
        if (state == State.CANCELLING
                && !describing
                && places.values().stream().allMatch(place -> place.closed)
                && !disk.isClosingBefore(number())) {
            state = State.OVER;
            job.metrics().end();
            if (peers != null) {
                peers.end(number());
            }
            coordinator.accept(new ToCoordinator.Cancelled(worker, number()));
        }
    }

    /** Fails what has lasted too long, and tells the coordinator what is waited for. Called in every turn of the worker. */
    void watch(long nowNs) {
        if (state == State.OVER || nowNs - watchedNs < WATCH_EVERY_NS) {
            return;
        }
        watchedNs = nowNs;
        endIfClosed();
        places.values().forEach(place -> place.watch.ask(nowNs));
        if (state != State.CANCELLING) {
            places.values().stream()
                    .flatMap(place -> place.watch.overdue(nowNs).stream())
                    .findFirst()
                    .ifPresent(wait -> fail(null, tooLong(wait, nowNs)));
        } else if (!stuck && nowNs - cancelledNs > job.timeouts().cancel().toNanos()) {
            stuck = true;
            String what = longest(nowNs).map(SlotWatch.Wait::what).orElse("its end");
            coordinator.accept(new ToCoordinator.Stuck(worker, number(), what));
        }
        tellWait(nowNs);
        if (state == State.RUNNING && tasksWatch != null) {
            tasksWatch
                    .step(nowNs)
                    .ifPresent(numbers -> coordinator.accept(new ToCoordinator.Report(worker, number(), numbers)));
        }
    }

    private static HoldfastException tooLong(SlotWatch.Wait wait, long nowNs) {
        return new HoldfastException(
                wait.code(), wait.what() + " has not returned for " + (nowNs - wait.sinceNs()) / 1_000_000 + " ms");
    }

    /** What is waited for longest, where it lasts long enough to be told. */
    private Optional<SlotWatch.Wait> longest(long nowNs) {
        if (describing) {
            return Optional.of(new SlotWatch.Wait("the program's own description", describingNs, ""));
        }
        Optional<SlotWatch.Wait> longest = places.values().stream()
                .filter(place -> !place.closed)
                .flatMap(place -> place.watch.longest(nowNs).stream())
                .min(Comparator.comparingLong(SlotWatch.Wait::sinceNs));
        if (longest.isPresent() || state != State.CANCELLING) {
            return longest;
        }
        return places.entrySet().stream()
                .filter(place -> !place.getValue().closed)
                .findFirst()
                .map(place -> new SlotWatch.Wait("slot " + place.getKey() + ": its end", cancelledNs, ""));
    }

    private void tellWait(long nowNs) {
        if (nowNs - toldWaitNs < TELL_EVERY_NS) {
            return;
        }
        Optional<SlotWatch.Wait> wait = longest(nowNs).filter(each -> nowNs - each.sinceNs() >= TELL_AFTER_NS);
        if (wait.isPresent() || toldWait) {
            toldWaitNs = nowNs;
            toldWait = wait.isPresent();
            coordinator.accept(new ToCoordinator.Waiting(
                    worker,
                    number(),
                    wait.map(SlotWatch.Wait::what).orElse(""),
                    wait.map(each -> (nowNs - each.sinceNs()) / 1_000_000).orElse(0L)));
        }
    }

    private void fail(@Nullable TaskId task, Throwable error) {
        if (!failed && state != State.CANCELLING && state != State.OVER) {
            failed = true;
            disk.attemptFailed(error);
            coordinator.accept(Worker.failure(worker, number(), task, error));
        }
    }

    private void captured(TaskSnapshot snapshot) {
        long checkpointId = snapshot.checkpointId();
        Capture capture = captures.get(checkpointId);
        if (capture == null) {
            toSlotOf(snapshot.task(), slot -> slot.discard(snapshot));
            return;
        }
        capture.parts.add(snapshot);
        if (capture.parts.size() < tasks.size()) {
            return;
        }
        long startNs = env.clock().nowNs();
        PackUpload upload =
                new PackUpload(store, env.randomness(), order.generation(), checkpointId, worker, disk.segments());
        env.blocking()
                .start("upload checkpoint " + checkpointId, () -> upload.run(capture.parts), mailbox, (done, error) -> {
                    job.metrics().uploadNs().record(env.clock().nowNs() - startNs);
                    if (WorkerDisk.isDamage(error)) {
                        // The next try would read the same file.
                        fail(null, Objects.requireNonNull(error));
                    } else if (done == null) {
                        decline(checkpointId, Failure.of(Objects.requireNonNull(error), "HF-CKP-031"));
                    } else if (captures.get(checkpointId) == capture) {
                        capture.upload = done;
                        coordinator.accept(
                                new ToCoordinator.Acknowledged(worker, number(), checkpointId, done.snapshot()));
                    } else {
                        // It was given up while it was written.
                        disk.segments().aborted(checkpointId);
                    }
                });
    }

    private void decline(long checkpointId, Failure failure) {
        coordinator.accept(new ToCoordinator.Declined(worker, number(), checkpointId, failure));
    }

    private void committed(TaskId task, long checkpointId) {
        committed.merge(task, checkpointId, Math::max);
        if (committed.size() < tasks.size()) {
            return;
        }
        long all = committed.values().stream().mapToLong(Long::longValue).min().orElse(0);
        if (all > toldCommitted) {
            toldCommitted = all;
            coordinator.accept(new ToCoordinator.Committed(worker, number(), all));
        }
    }

    private void toSlots(Consumer<Slot> action) {
        places.values().forEach(place -> place.slot.mailbox().post(() -> action.accept(place.slot)));
    }

    private void toSlotOf(TaskId task, Consumer<Slot> action) {
        Slot slot = place(task.subtask()).slot;
        slot.mailbox().post(() -> action.accept(slot));
    }

    private Place place(int slot) {
        Place place = places.get(slot);
        if (place == null) {
            throw new IllegalStateException("slot " + slot + " is not placed here, but at " + order.placement());
        }
        return place;
    }

    /** One slot. */
    private static final class Place {
        private final Slot slot;
        private final SlotWatch watch;
        private boolean deploying = true;
        private boolean closed;
        private boolean loopDead;

        Place(Slot slot, SlotWatch watch) {
            this.slot = slot;
            this.watch = watch;
        }
    }

    /** What has come together of one checkpoint. */
    private static final class Capture {
        private final List<TaskSnapshot> parts = new ArrayList<>();
        private @Nullable Upload upload;
    }

    /** Leaves what tasks say in the worker's mailbox. */
    private final class Listening implements TaskListener {
        @Override
        public void captured(TaskSnapshot snapshot) {
            mailbox.post(() -> Attempt.this.captured(snapshot));
        }

        @Override
        public void declined(TaskId task, long checkpointId, Throwable error) {
            mailbox.post(
                    () -> decline(checkpointId, Failure.of(error, "HF-CKP-031").in(task)));
        }

        @Override
        public void committed(TaskId task, long checkpointId) {
            mailbox.post(() -> Attempt.this.committed(task, checkpointId));
        }

        @Override
        public void splitRequested(TaskId task) {
            mailbox.post(() -> coordinator.accept(new ToCoordinator.SplitRequested(worker, number(), task)));
        }

        @Override
        public void drained(TaskId task) {
            mailbox.post(() -> coordinator.accept(new ToCoordinator.Drained(worker, number(), task)));
        }

        @Override
        public void failed(TaskId task, Throwable error) {
            mailbox.post(() -> fail(task, error));
        }
    }
}
