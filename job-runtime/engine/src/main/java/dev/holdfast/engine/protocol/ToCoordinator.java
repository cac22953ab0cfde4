package dev.holdfast.engine.protocol;

import dev.holdfast.engine.checkpoint.SubtaskManifest;
import java.util.List;
import java.util.Optional;

/** What a worker tells its coordinator. */
public sealed interface ToCoordinator extends Message {

    /** Number of the worker, given by who started it. */
    int worker();

    /** What the coordinator's own side of the connections tells it; refused if a worker sends it. */
    sealed interface OfCoordinator extends ToCoordinator {}

    /**
     * A worker is there and waits for work.
     *
     * @param name of the worker, the same after a restart of its process
     * @param address where other workers connect to it; empty where there are none
     */
    record Registered(int worker, String name, int slots, String fingerprint, Optional<WorkerAddress> address)
            implements OfCoordinator {}

    /**
     * A worker is gone, or cut off: what it ran is lost.
     *
     * @param unconfirmed whether it may still live; then {@link Confirmed} follows within a fraction of a second
     */
    record Lost(int worker, String text, boolean unconfirmed) implements OfCoordinator {}

    /** Whether a lost worker's process answers: then it will be back soon. */
    record Confirmed(int worker, boolean answers) implements OfCoordinator {}

    /** A message about one attempt. */
    sealed interface OfAttempt extends ToCoordinator {
        long attempt();
    }

    /** All tasks of an attempt are restored, and everything that the restored checkpoint decided is committed. */
    record Deployed(int worker, long attempt) implements OfAttempt {}

    /** A reader has nothing to read. */
    record SplitRequested(int worker, long attempt, TaskId reader) implements OfAttempt {}

    /** All of the worker's part of a checkpoint is in the store. */
    record Acknowledged(int worker, long attempt, long checkpointId, WorkerSnapshot snapshot) implements OfAttempt {}

    /** The worker's part of a checkpoint could not be written; the tasks go on. */
    record Declined(int worker, long attempt, long checkpointId, Failure failure) implements OfAttempt {}

    /** Everything that a completed checkpoint decided is committed. */
    record Committed(int worker, long attempt, long checkpointId) implements OfAttempt {}

    /** A task has come to the end of its input; it waits for the final checkpoint. */
    record Drained(int worker, long attempt, TaskId task) implements OfAttempt {}

    /** A task failed, and with it the attempt. */
    record Failed(int worker, long attempt, Failure failure) implements OfAttempt {}

    /**
     * What the attempt waits for longest in this worker; sent again and again while it lasts.
     *
     * @param what for people; empty when there is nothing any more
     * @param forMs how long it has lasted
     */
    record Waiting(int worker, long attempt, String what, long forMs) implements OfAttempt {}

    /**
     * What the worker's tasks do; sent about once a second while they run. A report that is lost changes nothing.
     *
     * @param tasks one for each task of the worker
     */
    record Report(int worker, long attempt, List<TaskNumbers> tasks) implements OfAttempt {
        public Report {
            tasks = List.copyOf(tasks);
        }
    }

    /**
     * The attempt did not end in time: something of it still runs, and only the end of the worker's process can end that. No other
     * attempt can begin in this worker.
     */
    record Stuck(int worker, long attempt, String text) implements OfAttempt {}

    /** The worker is about to end, and waits a while for the attempt to end at a checkpoint. */
    record Leaving(int worker, long attempt) implements OfAttempt {}

    /** No task of the attempt runs any more. */
    record Cancelled(int worker, long attempt) implements OfAttempt {}

    /**
     * A worker's part of a checkpoint.
     *
     * @param parts one for each task and named operator
     * @param uploadedBytes what was written for it
     */
    record WorkerSnapshot(List<OperatorPart> parts, long uploadedBytes) {
        public WorkerSnapshot {
            parts = List.copyOf(parts);
        }
    }

    /** One operator's part of one task. */
    record OperatorPart(String operator, SubtaskManifest part) {}
}
