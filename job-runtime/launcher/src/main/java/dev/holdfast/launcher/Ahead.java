package dev.holdfast.launcher;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Work that a process needs in any case, begun on a thread of its own while the process does other things of its start. */
final class Ahead<T> {
    private final FutureTask<T> task;

    private Ahead(FutureTask<T> task) {
        this.task = task;
    }

    static <T> Ahead<T> begin(String what, Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().name(what).daemon(true).start(task);
        return new Ahead<>(task);
    }

    /** Waits until it is done; throws what it threw. */
    T get() throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException known -> throw known;
                case Error broken -> throw broken;
                case null, default -> throw new IllegalStateException("a start has failed", e.getCause());
            }
        }
    }
}
