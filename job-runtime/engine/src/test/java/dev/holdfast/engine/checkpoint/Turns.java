package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.ObjectStore;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a process in turns: it stops before each operation on its store until the test lets it do that one. Exactly one of the
 * test and its processes runs at any time, so a run depends on nothing but the order of turns.
 */
final class Turns {
    private final Semaphore turn = new Semaphore(0);
    private final Semaphore back = new Semaphore(0);
    private volatile boolean ended;
    private volatile @Nullable Throwable error;
    private int operations;

    /** Starts a process; it stands before its first operation when this returns. */
    static Turns start(ObjectStore store, Body body) {
        Turns turns = new Turns();
        Thread.ofVirtual().start(() -> {
            try {
                turns.turn.acquireUninterruptibly();
                body.run(turns.new SteppedStore(store));
            } catch (Throwable e) {
                turns.error = e;
            } finally {
                turns.ended = true;
                turns.back.release();
            }
        });
        turns.hand();
        return turns;
    }

    @FunctionalInterface
    interface Body {
        void run(ObjectStore store) throws Exception;
    }

    boolean ended() {
        return ended;
    }

    /** What ended it, if it was an error. */
    @Nullable Throwable error() {
        return error;
    }

    int operations() {
        return operations;
    }

    /** Lets it do one operation and what follows up to the next. */
    void step() {
        if (!ended) {
            operations++;
            hand();
        }
    }

    void steps(int count) {
        for (int i = 0; i < count && !ended; i++) {
            step();
        }
    }

    void toEnd() {
        steps(100_000);
        if (!ended) {
            throw new AssertionError("it does not end");
        }
    }

    private void hand() {
        turn.release();
        back.acquireUninterruptibly();
    }

    private final class SteppedStore implements ObjectStore {
        private final ObjectStore inner;

        SteppedStore(ObjectStore inner) {
            this.inner = inner;
        }

        private <T> T stepped(Supplier<T> operation) {
            back.release();
            turn.acquireUninterruptibly();
            return operation.get();
        }

        @Override
        public boolean putIfAbsent(String key, Content content) {
            return stepped(() -> inner.putIfAbsent(key, content));
        }

        @Override
        public void put(String key, Content content) {
            stepped(() -> {
                inner.put(key, content);
                return true;
            });
        }

        @Override
        public byte @Nullable [] get(String key) {
            return stepped(() -> java.util.Optional.ofNullable(inner.get(key))).orElse(null);
        }

        @Override
        public byte[] getRange(String key, long offset, int length) {
            return stepped(() -> inner.getRange(key, offset, length));
        }

        @Override
        public List<Listed> list(String prefix, @Nullable String after, int max) {
            return stepped(() -> inner.list(prefix, after, max));
        }

        @Override
        public void delete(Collection<String> keys) {
            stepped(() -> {
                inner.delete(keys);
                return true;
            });
        }

        @Override
        public String describe() {
            return inner.describe();
        }

        @Override
        public void close() {}
    }
}
