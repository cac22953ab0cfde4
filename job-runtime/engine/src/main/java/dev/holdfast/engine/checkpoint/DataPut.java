package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Puts of data under names that nobody else uses: any number of tries, also late ones, write the same bytes. So an unknown
 * outcome is simply tried again.
 */
final class DataPut {
    /** On top of the store's own budget; then the checkpoint fails, and the next one uploads again. */
    private static final int MAX_TRIES = 3;

    private static final long FIRST_PAUSE_MS = 500;

    private final Env env;

    DataPut(Env env) {
        this.env = env;
    }

    void put(String key, Content content) throws InterruptedException {
        @Nullable StoreException last = null;
        for (int attempt = 0; attempt < MAX_TRIES; attempt++) {
            if (attempt > 0) {
                env.blocking().pause(FIRST_PAUSE_MS << (attempt - 1));
            }
            try {
                env.store().put(key, content);
                return;
            } catch (StoreException e) {
                if (!e.kind().isTransient()) {
                    throw e;
                }
                last = e;
            }
        }
        throw last == null ? new IllegalStateException("no try was made") : last;
    }
}
