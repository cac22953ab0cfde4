package dev.holdfast.engine.env;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls that may block: on virtual threads in production, at a later virtual time in the simulation. In the
 * simulation each use of {@link ObjectStore} within a call is a point where the world may delay it, fail it or kill its
 * process.
 */
public interface BlockingCalls {

    /**
     * Starts a call and leaves its result in the mailbox. Returns at once.
     *
     * @param what names the call in logs and thread names
     * @param mailbox where {@code done} runs
     * @param done gets the result, or null and the error
     */
    <T> void start(String what, Callable<T> call, Mailbox mailbox, Done<T> done);

    /**
     * As {@link #start}, for a call that computes for long or uses a native library: it gets a thread of its own, so that
     * short calls do not wait behind it.
     */
    default <T> void startWork(String what, Callable<T> call, Mailbox mailbox, Done<T> done) {
        start(what, call, mailbox, done);
    }

    /** Runs {@code action} in the mailbox after a delay. The returned handle cancels it if it has not run. */
    Cancellable schedule(long delayMs, Mailbox mailbox, Runnable action);

    /** Blocks the calling blocking call for a while; for the pauses between tries. Not for loops' threads. */
    void pause(long ms) throws InterruptedException;

    /**
     * Runs calls beside each other, or one after the other, and waits until all have ended. Blocks: for blocking calls, not for
     * loops' threads.
     *
     * @param atOnce the most that run at any time
     * @throws Exception the first error; calls that have not begun by then do not begin any more
     */
    default void beside(String what, List<? extends Callable<?>> calls, int atOnce) throws Exception {
        for (Callable<?> call : calls) {
            call.call();
        }
    }

    /** Takes the outcome of a call: either a result (which may be null by the call's own choice) or an error. */
    @FunctionalInterface
    interface Done<T> {
        void accept(@Nullable T result, @Nullable Throwable error);
    }

    /** Something that can be called off. */
    @FunctionalInterface
    interface Cancellable {
        void cancel();
    }
}
