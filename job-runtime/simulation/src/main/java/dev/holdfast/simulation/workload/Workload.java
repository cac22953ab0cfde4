package dev.holdfast.simulation.workload;

import dev.holdfast.api.StreamProgram;
import dev.holdfast.simulation.fault.JobShape;
import java.util.List;
import java.util.function.Consumer;

/** A program with a known result. */
public interface Workload {

    /** Whether its sources have no end: it has to be stopped. */
    boolean isEndless();

    /** The program as one process runs it. */
    StreamProgram program(Outside outside);

    /** Whether all rows of a run without failures are visible. */
    boolean isComplete(List<Row> visible);

    /**
     * Compares the output of a job that has ended with that of a run without failures.
     *
     * @param exact false for a sink that may keep rows of a lost run: then only keys and completeness count
     * @param wrong told what is wrong
     */
    void check(List<Row> visible, boolean exact, Outside.Shared shared, Consumer<String> wrong);

    static Workload of(JobShape job) {
        return switch (job.workload()) {
            case EVERYTHING -> new Everything(job);
            case PAIRS -> new Pairs(job);
        };
    }
}
