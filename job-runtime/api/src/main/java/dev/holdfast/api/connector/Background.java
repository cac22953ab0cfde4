package dev.holdfast.api.connector;

import java.util.concurrent.Callable;

/** Runs what may block away from the task's thread. */
public interface Background {

    /**
     * Runs a call on another thread and hands its result to {@code done} on the task's thread, between records. If the call
     * throws, the task fails. At most {@value #MAX_CALLS} calls of one task may be under way.
     *
     * @param what names the call in errors: what it does, to what
     */
    <R> void run(String what, Callable<R> call, Done<? super R> done);

    /** Bound on calls under way of one task: enough to keep a store busy, few enough to stop a runaway loop. */
    int MAX_CALLS = 64;

    /** Takes the result of a call. */
    @FunctionalInterface
    interface Done<R> {
        void accept(R result) throws Exception;
    }
}
