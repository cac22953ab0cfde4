package dev.holdfast.engine.worker;

/**
 * What a worker is doing, as anybody may see it.
 *
 * @param generation the newest coordinator that it has worked for; 0 for none
 * @param attempt whose tasks it runs; 0 for none
 * @param text what it does or waits for, for people
 */
public record WorkerStatus(Phase phase, long generation, long attempt, String text) {

    /** How its session with the coordinator is. */
    public enum Phase {
        /** No coordinator is reached; it is tried again and again. */
        LOOKING,
        /** A coordinator is reached: it has to begin, or the program is being run. */
        PREPARING,
        /** The worker offers its slots, and does what it is told. */
        READY,
        /** Its tasks end, then the worker. */
        ENDING
    }
}
