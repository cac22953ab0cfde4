package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.protocol.Placement;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.ToWorker;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a coordinator sends to the workers of the present attempt: to all of them, or to the one that runs a task. */
final class AttemptMessages {
    /** Attempts of one generation are numbered from the generation times this. */
    private static final long ATTEMPTS_PER_GENERATION = 1_000_000;

    private final Workers network;
    private final WorkerSet workers;
    private @Nullable Placement placement;

    AttemptMessages(Workers network, WorkerSet workers) {
        this.network = network;
        this.workers = workers;
    }

    /** Number of an attempt: ascending over all generations of the job. */
    static long number(long generation, int restarts) {
        return generation * ATTEMPTS_PER_GENERATION + restarts;
    }

    /** Places the slots of a new attempt, and tells those workers to deploy them. */
    void deploy(long attempt, long generation, Scale scale, StartPoint start, long nowNs) {
        Terms terms = scale.terms(generation);
        Placement placed = workers.beginAttempt(terms.plan().slots(), nowNs);
        placement = placed;
        toAll(new ToWorker.Deploy(
                attempt,
                generation,
                terms.parallelism(),
                terms.plan().fingerprint(),
                Optional.ofNullable(start.restore()),
                Optional.ofNullable(start.commit()),
                placed));
    }

    /** The next attempt has another plan: the last one's places mean nothing to it. */
    void rescaled(Terms terms) {
        placement = null;
        network.change(terms);
    }

    /** Where the slots of the present attempt are, or of the last one; null before the first. */
    @Nullable Placement placement() {
        return placement;
    }

    /** To the worker that runs a task. */
    void toOwner(TaskId task, ToWorker message) {
        network.send(Objects.requireNonNull(placement).workerOfSlot().get(task.subtask()), message);
    }

    /** To all workers that take part in the attempt. */
    void toAll(ToWorker message) {
        workers.members().forEach(worker -> network.send(worker, message));
    }
}
