package dev.holdfast.launcher;

import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.storage.s3.ObjectStores;
import dev.holdfast.storage.s3.StoreSettings;

/** The store, opened {@link Ahead}: an S3 client takes a third of a start's time. */
final class OpeningStore implements AutoCloseable {
    private final Ahead<ObjectStore> store;

    private OpeningStore(Ahead<ObjectStore> store) {
        this.store = store;
    }

    static OpeningStore start(StoreSettings settings) {
        return new OpeningStore(Ahead.begin("open store", () -> ObjectStores.open(settings)));
    }

    /** Waits until it is open; throws what opening it threw. */
    ObjectStore get() throws InterruptedException {
        return store.get();
    }

    /** Closes it, if it could be opened. */
    @Override
    public void close() throws InterruptedException {
        ObjectStore open;
        try {
            open = store.get();
        } catch (RuntimeException | Error e) {
            // Who asked for it has heard of this. Where nobody did, something else was wrong before.
            return;
        }
        open.close();
    }
}
