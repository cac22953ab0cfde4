package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.coordinator.JobStatus.Phase;
import dev.holdfast.engine.env.Clock;
import dev.holdfast.engine.protocol.Failure;
import dev.holdfast.engine.protocol.Placement;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be seen of a job: keeps its histories, and makes views of it. On the coordinator's thread, but for {@link #newest}. A
 * view costs some microseconds; one is made when the status has changed, and at the end of a step that changed something else.
 */
final class JobViews {
    private final Clock clock;
    private final WorkerSet workers;
    private final LiveSettings live;
    private final Scale scale;
    private final CheckpointHistory checkpoints = new CheckpointHistory();
    private final FailureHistory failures = new FailureHistory();
    private final Operations operations;
    private final long startedWallMs;
    private Phase phase = Phase.STARTING;
    private long phaseSinceWallMs;
    private boolean changed;
    private final ArrayDeque<Runnable> whenShown = new ArrayDeque<>();
    private @Nullable JobStatus status;
    private volatile JobView newest;

    JobViews(Clock clock, JobSettings settings, LiveSettings live, WorkerSet workers, Scale scale) {
        this.scale = scale;
        this.clock = clock;
        this.workers = workers;
        this.live = live;
        this.operations = new Operations(settings.root());
        this.startedWallMs = clock.wallMs();
        this.phaseSinceWallMs = startedWallMs;
        this.newest = new JobView(
                new JobStatus(Phase.STARTING, 0, 0, 0, 0, 0, Optional.empty(), ""),
                0,
                startedWallMs,
                startedWallMs,
                scale.plan(),
                Optional.empty(),
                Set.of(),
                Set.of(),
                Set.of(),
                checkpoints.view(),
                Optional.empty(),
                failures.view(),
                operations.view(),
                live.checkpoint());
    }

    /** The job's phase, as it was published last. */
    Phase phase() {
        return phase;
    }

    CheckpointHistory checkpoints() {
        return checkpoints;
    }

    Operations operations() {
        return operations;
    }

    /** The newest view; from any thread. */
    JobView newest() {
        return newest;
    }

    void failed(Failure failure, Optional<Integer> worker, long attempt) {
        Optional<String> name = worker.flatMap(workers::name);
        failures.add(failure, name, attempt, clock.wallMs());
        changed = true;
    }

    /** Other settings count from now on. */
    void change(CheckpointSettings settings) {
        live.change(settings);
        changed = true;
    }

    /** Something beside the status has changed: {@link #flush} is to make a view of it. */
    void changed() {
        changed = true;
    }

    /** As {@link #changed()}; the action runs when the view that shows it can be read. */
    void changed(Runnable shown) {
        changed = true;
        whenShown.add(shown);
    }

    void changedIf(boolean something) {
        changed |= something;
    }

    /** Makes a view of what has changed since the last one. */
    void flush(long attempt, @Nullable Placement placement, StartPoint start) {
        if (changed && status != null) {
            publish(status, attempt, placement, start);
        }
    }

    /** The status has changed. */
    void publish(JobStatus next, long attempt, @Nullable Placement placement, StartPoint start) {
        status = next;
        changed = false;
        if (next.phase() != phase) {
            phase = next.phase();
            phaseSinceWallMs = clock.wallMs();
        }
        newest = new JobView(
                next,
                attempt,
                startedWallMs,
                phaseSinceWallMs,
                scale.plan(),
                Optional.ofNullable(placement),
                Set.copyOf(workers.busy()),
                workers.deployed(),
                workers.drained(),
                checkpoints.view(),
                Optional.ofNullable(start.restore()).map(restore -> Objects.requireNonNull(restore.manifest())),
                failures.view(),
                operations.view(),
                live.checkpoint());
        for (Runnable shown = whenShown.poll(); shown != null; shown = whenShown.poll()) {
            shown.run();
        }
    }
}
