package dev.holdfast.api.connector;

import dev.holdfast.api.OperatorContext;

/** What a sink may use, besides what every operator knows. */
public interface SinkContext extends OperatorContext {

    /**
     * Identity of this job's output: the same over restarts and upgrades of the job, another one for a copy of the job
     * that was started from a savepoint. Part of every name that a sink gives to something outside.
     */
    String jobId();

    /**
     * Number of this attempt of the job; greater than that of every earlier attempt. With {@link #jobId}, the operator's
     * name, {@link #index} and the checkpoint's number it names a transaction for all time.
     */
    long attempt();
}
