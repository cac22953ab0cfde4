package dev.holdfast.engine.env.simulated;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A blocking call that runs in turns with the world: exactly one of the two runs at any time, so the whole stays one
 * sequence of events. The call waits in {@link #suspend}; the world lets it go on by {@link #resume}, or ends it there by
 * {@link #kill}.
 */
final class Coroutine {
    private static final ThreadLocal<@Nullable Coroutine> CURRENT = new ThreadLocal<>();

    private final Semaphore turn = new Semaphore(0);
    private final Semaphore back = new Semaphore(0);
    private final String name;
    private final long startedNs;
    private boolean killed;
    private boolean ended;

    Coroutine(String name, long startedNs, Runnable body) {
        this.name = name;
        this.startedNs = startedNs;
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> {
            turn.acquireUninterruptibly();
            CURRENT.set(this);
            try {
                if (!killed) {
                    body.run();
                }
            } catch (Killed expected) {
                // The process is gone; nobody waits for the outcome.
            } finally {
                ended = true;
                back.release();
            }
        });
        thread.start();
    }

    String name() {
        return name;
    }

    long startedNs() {
        return startedNs;
    }

    /** The coroutine that runs on this thread, or null on the world's own. */
    static @Nullable Coroutine current() {
        return CURRENT.get();
    }

    /** Called by the world: runs the call up to its next wait or its end. */
    void resume() {
        if (ended) {
            return;
        }
        turn.release();
        back.acquireUninterruptibly();
    }

    /** Called by the world: the call ends at the place where it waits. */
    void kill() {
        killed = true;
        resume();
    }

    /** Called by the call itself: gives the turn back to the world. */
    void suspend() {
        back.release();
        turn.acquireUninterruptibly();
        if (killed) {
            throw new Killed();
        }
    }

    /** Ends a call whose process was killed. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("the simulated process was killed", null, false, false);
        }
    }
}
