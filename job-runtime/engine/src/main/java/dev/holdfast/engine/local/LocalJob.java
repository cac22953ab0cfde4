package dev.holdfast.engine.local;

import dev.holdfast.api.StreamProgram;
import dev.holdfast.engine.coordinator.Coordinator;
import dev.holdfast.engine.coordinator.JobControl;
import dev.holdfast.engine.coordinator.JobMetrics;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.coordinator.Terms;
import dev.holdfast.engine.coordinator.WorkerSession;
import dev.holdfast.engine.coordinator.Workers;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.operator.Program;
import dev.holdfast.engine.protocol.ToCoordinator;
import dev.holdfast.engine.protocol.ToWorker;
import dev.holdfast.engine.task.JobIdentity;
import dev.holdfast.engine.task.MetricsRegistry;
import dev.holdfast.engine.worker.Worker;
import dev.holdfast.engine.worker.WorkerJob;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One coordinator and one worker with all slots, in this process. Commands may come from any thread. Ends by itself when the job
 * has reached a final phase.
 */
public final class LocalJob {
    private static final int WORKER = 0;

    private final Coordinating coordinator;
    private final Mailbox coordinatorMail;
    private final Working worker;
    private final Mailbox workerMail;
    private final CoordinatorWatch watch;
    private final JobControl control;
    private final Consumer<JobStatus> listener;
    private final MetricsRegistry metrics = new MetricsRegistry();
    private volatile JobStatus status = new JobStatus(JobStatus.Phase.STARTING, 0, 0, 0, 0, 0, Optional.empty(), "");

    private LocalJob(Env env, LocalSettings settings, Supplier<StreamProgram> programs, Consumer<JobStatus> listener) {
        this.listener = listener;
        IntFunction<Program> run = parallelism ->
                Program.of(programs.get(), settings.parameters(), parallelism, settings.maxParallelism());
        Program program = run.apply(settings.job().parallelism());
        WorkerJob job = new WorkerJob(
                settings.job().root(),
                new JobIdentity(settings.name(), settings.job().root().toString(), settings.parameters()),
                run,
                program.plan().slots(),
                settings.memoryBudgetBytes(),
                0,
                settings.stores(),
                settings.job().allowDroppedState(),
                settings.job().timeouts(),
                metrics);
        worker = new Working();
        coordinator = new Coordinating();
        workerMail = env.loops().start("worker", mailbox -> worker.make(env, job, mailbox), this::broken);
        coordinatorMail = env.loops()
                .start("coordinator", mailbox -> coordinator.make(env, settings, run, mailbox), this::broken);
        List<WorkerSession> one = List.of(
                new WorkerSession(WORKER, "local", Optional.empty(), job.slots(), WorkerSession.State.READY, 0));
        control = new JobControl(coordinatorMail, env.clock(), job.root(), coordinator::loop, () -> one);
        watch = new CoordinatorWatch(env, workerMail, coordinator.loop().calls(), this::watched);
        watch.begin();
        coordinatorMail.post(() -> coordinator.loop().begin());
        toCoordinator(new ToCoordinator.Registered(
                WORKER, "local", job.slots(), program.plan().fingerprint(), Optional.empty()));
    }

    /**
     * Starts a job.
     *
     * @param programs makes a fresh program object at each call
     * @param listener gets the status when it changes, on the coordinator's thread
     * @throws dev.holdfast.api.HoldfastException if the program describes something that cannot run
     */
    public static LocalJob start(
            Env env, LocalSettings settings, Supplier<StreamProgram> programs, Consumer<JobStatus> listener) {
        return new LocalJob(env, settings, programs, listener);
    }

    public JobStatus status() {
        return status;
    }

    /** For those who watch and steer it. */
    public JobControl control() {
        return control;
    }

    /** What the tasks count. */
    public MetricsRegistry metrics() {
        return metrics;
    }

    /** What the coordinator measures of the job. */
    public JobMetrics jobMetrics() {
        return coordinator.loop().metrics();
    }

    public void cancel() {
        control.cancel();
    }

    public void savepoint(String name) {
        control.savepoint(name);
    }

    public void stopWithSavepoint(String name) {
        control.stopWithSavepoint(name);
    }

    /** What is said after the end, by a coordinator whose thread came back, is not heard. */
    private synchronized void publish(JobStatus next) {
        if (status.phase().isFinal()) {
            return;
        }
        status = next;
        listener.accept(next);
        if (next.phase().isFinal()) {
            watch.end();
            workerMail.post(() -> worker.loop().end());
        }
    }

    /** An enumerator keeps the coordinator's thread, so somebody else has to speak. */
    private void watched(String text, boolean overdue) {
        JobStatus.Phase phase = overdue ? JobStatus.Phase.INTERRUPTED : status.phase();
        publish(status.with(phase, text));
    }

    private void broken(Throwable error) {
        status = status.with(JobStatus.Phase.FAILED, "broken invariant, please report it: " + error);
        System.getLogger(LocalJob.class.getName()).log(System.Logger.Level.ERROR, "broken invariant", error);
    }

    private void toCoordinator(ToCoordinator message) {
        coordinatorMail.post(() -> coordinator.loop().receive(message));
    }

    /** The way to the one worker. */
    private final class OneWorker implements Workers {
        @Override
        public void begin(Terms terms) {
            // The worker was made with the same program, in this process.
        }

        @Override
        public void change(Terms terms) {
            // Deployments tell it all.
        }

        @Override
        public void send(int to, ToWorker message) {
            workerMail.post(() -> worker.loop().receive(message));
        }

        @Override
        public void end(String text) {
            // The worker ends with every last status.
        }
    }

    /** The coordinator, which exists once its loop was started. */
    private final class Coordinating {
        private @Nullable Coordinator made;

        Coordinator make(Env env, LocalSettings settings, IntFunction<Program> programs, Mailbox mailbox) {
            Coordinator coordinating =
                    new Coordinator(env, mailbox, settings.job(), programs, new OneWorker(), LocalJob.this::publish);
            made = coordinating;
            return coordinating;
        }

        Coordinator loop() {
            return Objects.requireNonNull(made);
        }
    }

    /** The worker, which exists once its loop was started. */
    private final class Working {
        private @Nullable Worker made;

        Worker make(Env env, WorkerJob job, Mailbox mailbox) {
            Worker working = new Worker(env, job, mailbox, LocalJob.this::toCoordinator, null);
            made = working;
            return working;
        }

        Worker loop() {
            return Objects.requireNonNull(made);
        }
    }
}
