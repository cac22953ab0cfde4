package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Loop;
import dev.holdfast.engine.env.Loops;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.env.Transport;
import dev.holdfast.engine.operator.Program;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator whose workers are other processes: one loop that runs the {@link Coordinator} and the {@link WorkerConnections} in
 * turn. Commands may come from any thread.
 */
public final class CoordinatorProcess {
    private final Endpoint endpoint;
    private final JobControl control;

    private CoordinatorProcess(Endpoint endpoint, JobControl control) {
        this.endpoint = endpoint;
        this.control = control;
    }

    /**
     * Takes over the job, and waits for workers. Blocks for a moment.
     *
     * @param programs runs the program for a parallelism of operators that set none; the coordinator has runs of its own
     * @param listener gets the status when it changes, on the coordinator's thread
     * @param broken called on that thread when an invariant does not hold; the process has to end
     * @throws dev.holdfast.api.HoldfastException if the transport cannot listen
     */
    public static CoordinatorProcess start(
            Env env,
            Transport transport,
            JobSettings settings,
            HeartbeatSettings heartbeat,
            IntFunction<Program> programs,
            Consumer<JobStatus> listener,
            Loops.Failed broken) {
        Both both = new Both();
        Mailbox mailbox = env.loops()
                .start(
                        "coordinator",
                        mail -> both.make(env, transport, settings, heartbeat, programs, mail, listener),
                        broken);
        Endpoint endpoint = both.connections().listen();
        mailbox.post(() -> both.coordinator().begin());
        JobControl control = new JobControl(
                mailbox,
                env.clock(),
                settings.root(),
                both::coordinator,
                () -> both.connections().sessions());
        return new CoordinatorProcess(endpoint, control);
    }

    /** Where workers connect to. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** What is measured of the job; from any thread. */
    public JobMetrics metrics() {
        return control.metrics();
    }

    /** For those who watch and steer it. */
    public JobControl control() {
        return control;
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

    /** The two that share a thread. */
    private static final class Both implements Loop {
        private @Nullable WorkerConnections connections;
        private @Nullable Coordinator coordinator;

        Both make(
                Env env,
                Transport transport,
                JobSettings settings,
                HeartbeatSettings heartbeat,
                IntFunction<Program> programs,
                Mailbox mailbox,
                Consumer<JobStatus> listener) {
            WorkerConnections made = new WorkerConnections(
                    transport,
                    env.clock(),
                    env.blocking(),
                    mailbox,
                    settings.root().prefix(),
                    heartbeat,
                    message -> coordinator().receive(message));
            connections = made;
            coordinator = new Coordinator(env, mailbox, settings, programs, made, listener);
            return this;
        }

        WorkerConnections connections() {
            return Objects.requireNonNull(connections);
        }

        Coordinator coordinator() {
            return Objects.requireNonNull(coordinator);
        }

        @Override
        public Progress step(long nowNs) {
            boolean beat = connections().step(nowNs);
            Progress progress = coordinator().step(nowNs);
            if (progress == Progress.ENDED) {
                connections().close("this coordinator has ended");
                return Progress.ENDED;
            }
            return beat ? Progress.BUSY : progress;
        }
    }
}
