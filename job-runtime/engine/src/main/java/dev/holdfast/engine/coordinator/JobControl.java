package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.env.Clock;
import dev.holdfast.engine.env.Mailbox;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What others than its own process's main thread may see of a job, and ask of it. Any thread may call, and no call waits for the
 * coordinator: it publishes views, and takes requests through its mailbox. After its end requests are dropped without an answer, so
 * who waits for one needs a deadline.
 */
public final class JobControl {
    private final Mailbox mailbox;
    private final Clock clock;
    private final JobRoot root;
    private final Supplier<Coordinator> coordinator;
    private final Supplier<JobView> view;
    private final Supplier<List<WorkerSession>> sessions;

    /**
     * Makes one.
     *
     * @param coordinator given when its loop exists
     * @param sessions of the workers that are connected
     */
    public JobControl(
            Mailbox mailbox,
            Clock clock,
            JobRoot root,
            Supplier<Coordinator> coordinator,
            Supplier<List<WorkerSession>> sessions) {
        this.mailbox = mailbox;
        this.clock = clock;
        this.root = root;
        this.coordinator = coordinator;
        this.view = () -> coordinator.get().view();
        this.sessions = sessions;
    }

    public JobRoot root() {
        return root;
    }

    /** The newest view. */
    public JobView view() {
        return view.get();
    }

    /** What is measured of the job. */
    public JobMetrics metrics() {
        return coordinator.get().metrics();
    }

    /** The workers that are connected, in order of their numbers; about a heartbeat old. */
    public List<WorkerSession> workers() {
        return sessions.get();
    }

    /** How long a worker was not heard of, in milliseconds; at most a heartbeat's interval too much. */
    public long silentMs(WorkerSession worker) {
        return worker.address().isEmpty() ? 0 : Math.max(0, (clock.nowNs() - worker.heardNs()) / 1_000_000);
    }

    /** Ends the job, as {@link Coordinator#cancel}. */
    public void cancel() {
        mailbox.post(() -> coordinator.get().cancel());
    }

    /** Takes a savepoint while the job runs on. What becomes of it is in the log alone. */
    public void savepoint(String name) {
        mailbox.post(() -> coordinator.get().operations().savepoint(name));
    }

    /** Takes a savepoint, commits, and stops. If that fails the job goes on, and its status says so. */
    public void stopWithSavepoint(String name) {
        mailbox.post(() -> coordinator.get().operations().stopWithSavepoint(name));
    }

    /**
     * Asks for an operation.
     *
     * @param answered told on the coordinator's thread, which it must not keep
     */
    public void request(Operation.Request request, Consumer<Operation.Answer> answered) {
        mailbox.post(() -> coordinator.get().operations().take(request, answered));
    }

    /**
     * Changes the live settings of checkpoints from now on; what is under way is measured by the new ones too.
     *
     * @param done run on the coordinator's thread when they count
     */
    public void change(CheckpointSettings settings, Runnable done) {
        mailbox.post(() -> {
            coordinator.get().operations().change(settings);
            done.run();
        });
    }

    /**
     * Asks whether the coordinator's loop turns.
     *
     * @param turned run on the coordinator's thread when its loop turns, after at most a step
     */
    public void ping(Runnable turned) {
        mailbox.post(turned);
    }
}
