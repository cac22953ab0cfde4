package dev.holdfast.simulation.world;

import dev.holdfast.engine.env.Randomness;
import dev.holdfast.engine.env.simulated.SimulatedProcess;
import dev.holdfast.simulation.files.FilesView;
import java.io.IOException;
import java.util.function.Supplier;

/** One process's way to the systems behind sinks: it takes a while there and back, and meets troubles. */
final class LedgerClient {
    private static final int WAY_NS = 1_500_000;

    private final SimulatedProcess process;
    private final Troubles troubles;
    private final Randomness random;

    LedgerClient(SimulatedProcess process, Troubles troubles, Randomness random) {
        this.process = process;
        this.troubles = troubles;
        this.random = random;
    }

    void call(String what, Runnable effect) {
        call(what, () -> {
            effect.run();
            return true;
        });
    }

    <T> T call(String what, Supplier<T> effect) {
        process.await(random.nextInt(WAY_NS));
        T result = troubles.call(process, what + " by " + process.name(), true, SinkErrors.INSTANCE, effect);
        process.await(random.nextInt(WAY_NS));
        return result;
    }

    /**
     * The same way for files: an operation may fail before it is done. Nothing of a dead process has an effect; on a task's own thread,
     * which never waits for this, there are no troubles.
     */
    FilesView.Door door() {
        return what -> {
            process.await(random.nextInt(WAY_NS / 10));
            if (!process.isAlive()) {
                throw new IOException("the process of " + process.name() + " is dead");
            }
            if (!what.isEmpty()) {
                try {
                    troubles.call(process, what + " by " + process.name(), false, SinkErrors.INSTANCE, () -> true);
                } catch (IllegalStateException e) {
                    throw new IOException(e.getMessage(), e);
                }
            }
        };
    }

    private enum SinkErrors implements Troubles.Errors {
        INSTANCE;

        @Override
        public RuntimeException refused(String what) {
            return new IllegalStateException("simulated: refused " + what);
        }

        @Override
        public RuntimeException unanswered(String what) {
            return new IllegalStateException("simulated: no answer to " + what);
        }
    }
}
