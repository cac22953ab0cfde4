package dev.holdfast.api;

/** What a function may know about the task that runs it. */
public interface OperatorContext {

    /** Name of the job. */
    String jobName();

    /** Name of the operator as given in the program. */
    String operatorName();

    /** Number of tasks of this operator. */
    int parallelism();

    /** Number of this task, from 0. */
    int index();

    /** The job's parameters. */
    Parameters parameters();

    /** Metrics of this task. */
    Metrics metrics();
}
