package dev.holdfast.engine.env.host;

import dev.holdfast.engine.env.Clock;
import dev.holdfast.engine.env.Loop;
import dev.holdfast.engine.env.Loops;
import dev.holdfast.engine.env.Mailbox;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One platform thread for each loop. An idle loop spins for a few turns, then parks, twice as long each time up to {@link
 * #MAX_PARK_NS}; mail wakes it at once.
 */
public final class ThreadLoops implements Loops {
    /** Turns without work before the thread parks: about a microsecond, less than waking a thread costs. */
    private static final int SPINS = 20;

    private static final long MIN_PARK_NS = 20_000;
    /** What an input that has no way to wake the loop waits at most. */
    private static final long MAX_PARK_NS = 1_000_000;
    /** Pieces of mail before the loop gets its turn again. */
    private static final int MAIL_PER_TURN = 64;

    private final Clock clock;

    public ThreadLoops(Clock clock) {
        this.clock = clock;
    }

    @Override
    public <L extends Loop> Mailbox start(String name, Function<Mailbox, L> make, Failed failed) {
        Runner runner = new Runner(failed);
        L loop = make.apply(runner);
        Thread thread = Thread.ofPlatform().name(name).daemon(true).unstarted(() -> runner.run(loop));
        runner.thread = thread;
        thread.start();
        return runner;
    }

    private final class Runner implements Mailbox {
        private final ConcurrentLinkedQueue<Runnable> mail = new ConcurrentLinkedQueue<>();
        private final Failed failed;
        private volatile boolean ended;
        private volatile boolean parked;
        private @Nullable Thread thread;

        Runner(Failed failed) {
            this.failed = failed;
        }

        @Override
        public void post(Runnable work) {
            if (ended) {
                return;
            }
            mail.add(work);
            Thread owner = thread;
            if (parked && owner != null) {
                LockSupport.unpark(owner);
            }
        }

        void run(Loop loop) {
            try {
                int idleTurns = 0;
                while (true) {
                    boolean read = readMail();
                    Loop.Progress progress = loop.step(clock.nowNs());
                    if (progress == Loop.Progress.ENDED) {
                        return;
                    }
                    idleTurns = read || progress == Loop.Progress.BUSY ? 0 : idleTurns + 1;
                    idle(idleTurns);
                }
            } catch (Throwable error) {
                failed.failed(error);
            } finally {
                ended = true;
                mail.clear();
            }
        }

        private boolean readMail() {
            for (int i = 0; i < MAIL_PER_TURN; i++) {
                Runnable work = mail.poll();
                if (work == null) {
                    return i > 0;
                }
                work.run();
            }
            return true;
        }

        private void idle(int turns) {
            if (turns == 0) {
                return;
            }
            if (turns < SPINS) {
                Thread.onSpinWait();
                return;
            }
            parked = true;
            if (mail.isEmpty()) {
                LockSupport.parkNanos(Math.min(MAX_PARK_NS, MIN_PARK_NS << Math.min(10, turns - SPINS)));
            }
            parked = false;
        }
    }
}
