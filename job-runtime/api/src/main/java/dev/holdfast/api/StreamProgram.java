package dev.holdfast.api;

/**
 * A job. Every process of the job creates the class by its public no-argument constructor and runs {@link #define}
 * itself, once for each slot, so each task has function objects of its own and no code is ever serialised.
 *
 * <p>The processes compare the fingerprints of what they got. {@code define} must therefore depend on nothing but its
 * parameters: not on the clock, the environment, random numbers or files.
 */
public interface StreamProgram {

    /**
     * Describes the job.
     *
     * @param graph where sources begin
     * @param parameters the job's parameters, the same in every process
     */
    void define(StreamGraph graph, Parameters parameters);
}
