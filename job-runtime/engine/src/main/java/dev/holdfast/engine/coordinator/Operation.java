package dev.holdfast.engine.coordinator;

import java.util.Optional;

/**
 * Something that a person asked of a job and that takes its time. Immutable; a new one stands for each step. Times are of the wall
 * clock, in milliseconds since 1970.
 *
 * @param number from 1, unique within one coordinator's process
 * @param key that the client gave to tell repetitions of its request; empty for none
 * @param savepoint name of the savepoint; empty for kinds that take none
 * @param parallelism that is asked for; 0 for kinds other than a rescale
 * @param checkpointId the checkpoint that the savepoint was made of, or with which a drain ends; 0 before that is known
 * @param location of the savepoint in the bucket, once it is there
 * @param endedWallMs 0 while it is in progress
 */
public record Operation(
        long number,
        Kind kind,
        String key,
        Optional<String> savepoint,
        int parallelism,
        State state,
        long requestedWallMs,
        long endedWallMs,
        long checkpointId,
        Optional<String> location,
        Optional<Problem> problem) {

    /** What was asked for. */
    public enum Kind {
        /** A savepoint; the job runs on. */
        SAVEPOINT,
        /** A savepoint, with which the job stops. */
        STOP,
        /** The end of the input where the sources are; the job finishes with what they have read. */
        DRAIN,
        /** Another parallelism, from the next checkpoint on, with the processes that are there. */
        RESCALE,
        /** The end of the job, without a savepoint. */
        CANCEL;

        boolean takesSavepoint() {
            return this == SAVEPOINT || this == STOP;
        }
    }

    /** How far it is. */
    public enum State {
        IN_PROGRESS,
        COMPLETED,
        FAILED
    }

    /** Why it failed. */
    public record Problem(String code, String text) {}

    /**
     * A request for one.
     *
     * @param savepoint name of the savepoint; empty for kinds that take none
     * @param parallelism of operators that set none, for a rescale; 0 for the other kinds
     * @param key tells repetitions of one request; empty for none
     */
    public record Request(Kind kind, Optional<String> savepoint, int parallelism, String key) {
        public Request {
            if (savepoint.isPresent() != kind.takesSavepoint() || (parallelism > 0) != (kind == Kind.RESCALE)) {
                throw new IllegalArgumentException(
                        kind + " with savepoint " + savepoint + " and parallelism " + parallelism);
            }
        }

        public Request(Kind kind, Optional<String> savepoint, String key) {
            this(kind, savepoint, 0, key);
        }

        /** For another parallelism. */
        public static Request rescale(int parallelism, String key) {
            return new Request(Kind.RESCALE, Optional.empty(), parallelism, key);
        }
    }

    /** What becomes of a request. */
    public sealed interface Answer {
        /** It has begun, now or by an earlier request that this one repeats. */
        record Accepted(Operation operation) implements Answer {}

        /** It cannot be done in the present state of the job. */
        record Refused(String code, String text) implements Answer {}

        /** It could not be found out whether it can be done; trying again may help. */
        record Unknown(String code, String text) implements Answer {}
    }

    /** Whether it comes to its end with the job. */
    public boolean endsTheJob() {
        return kind == Kind.STOP || kind == Kind.DRAIN || kind == Kind.CANCEL;
    }

    /** Whether it is still under way. */
    public boolean isOpen() {
        return state == State.IN_PROGRESS;
    }

    Operation at(long checkpoint) {
        return new Operation(
                number,
                kind,
                key,
                savepoint,
                parallelism,
                state,
                requestedWallMs,
                endedWallMs,
                checkpoint,
                location,
                problem);
    }

    Operation completed(long wallMs, Optional<String> place) {
        return new Operation(
                number,
                kind,
                key,
                savepoint,
                parallelism,
                State.COMPLETED,
                requestedWallMs,
                wallMs,
                checkpointId,
                place,
                problem);
    }

    Operation failed(long wallMs, Problem reason) {
        return new Operation(
                number,
                kind,
                key,
                savepoint,
                parallelism,
                State.FAILED,
                requestedWallMs,
                wallMs,
                checkpointId,
                location,
                Optional.of(reason));
    }
}
