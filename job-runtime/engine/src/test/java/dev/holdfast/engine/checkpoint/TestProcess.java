package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.env.BlockingCalls;
import dev.holdfast.engine.env.Clock;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Loop;
import dev.holdfast.engine.env.Loops;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.simulated.MemoryDisk;
import dev.holdfast.engine.env.simulated.SimulatedRandomness;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** The env of a process in which nothing runs but the caller: pauses take no time. */
final class TestProcess {
    private TestProcess() {}

    static Env env(ObjectStore store, long seed) {
        return new Env(
                new NoTime(), new SimulatedRandomness(seed), new NoLoops(), new NoPauses(), new MemoryDisk(), store);
    }

    private static final class NoTime implements Clock {
        @Override
        public long nowNs() {
            throw new AssertionError("times are parameters here");
        }

        @Override
        public long wallMs() {
            throw new AssertionError("times are parameters here");
        }
    }

    private static final class NoLoops implements Loops {
        @Override
        public <L extends Loop> Mailbox start(String name, Function<Mailbox, L> loop, Failed failed) {
            throw new AssertionError("no loops here");
        }
    }

    private static final class NoPauses implements BlockingCalls {
        @Override
        public <T> void start(String what, Callable<T> call, Mailbox mailbox, Done<T> done) {
            throw new AssertionError("whoever calls this package is in a blocking call already");
        }

        @Override
        public Cancellable schedule(long delayMs, Mailbox mailbox, Runnable action) {
            throw new AssertionError("no schedule here");
        }

        @Override
        public void pause(long ms) {}
    }
}
