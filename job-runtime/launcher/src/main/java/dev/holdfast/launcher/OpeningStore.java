package dev.holdfast.launcher;

import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.storage.s3.ObjectStores;
import dev.holdfast.storage.s3.StoreSettings;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The store, which is being opened on a thread of its own while the process does other things of its start: an S3 client takes a
 * third of a start's time.
 */
final class OpeningStore implements AutoCloseable {
    private final FutureTask<ObjectStore> task;

    private OpeningStore(FutureTask<ObjectStore> task) {
        this.task = task;
    }

    static OpeningStore start(StoreSettings settings) {
        FutureTask<ObjectStore> task = new FutureTask<>(() -> ObjectStores.open(settings));
        Thread.ofPlatform().name("open store").daemon(true).start(task);
        return new OpeningStore(task);
    }

    /** Waits until it is open; throws what opening it threw. */
    ObjectStore get() throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException known -> throw known;
                case Error broken -> throw broken;
                case null, default -> throw new IllegalStateException("the store cannot be opened", e.getCause());
            }
        }
    }

    /** Closes it, if it could be opened. */
    @Override
    public void close() throws InterruptedException {
        try {
            task.get().close();
        } catch (ExecutionException e) {
            // Who asked for it has heard of this. Where nobody did, something else was wrong before.
            return;
        }
    }
}
