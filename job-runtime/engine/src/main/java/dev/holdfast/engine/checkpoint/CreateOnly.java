package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.StoreException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Create-only puts whose outcome is known.
 *
 * <ol>
 *   <li>Put where nothing exists. True: ours.
 *   <li>False: somebody was first, perhaps an earlier try of our own. Read back: the same bytes are ours, since whoever
 *       needs to tell writers apart puts a unique token into them.
 *   <li>Unknown outcome: the put may have happened, or may happen later. Put the same again; whichever of the tries is
 *       applied first, the object is ours or another's for good, and a late one changes nothing.
 * </ol>
 */
final class CreateOnly {
    /** With the pauses between about 6 s, on top of the store's own budget: a checkpoint's timeout is minutes. */
    private static final int MAX_TRIES = 6;

    private static final long FIRST_PAUSE_MS = 200;

    private final Env env;

    CreateOnly(Env env) {
        this.env = env;
    }

    /**
     * @return whether the object is there with these bytes; false if others are there, or were and are deleted
     * @throws StoreException of kind UNKNOWN_OUTCOME if that stays open; any other if nothing was and will be written
     */
    boolean put(String key, byte[] bytes) throws InterruptedException {
        StoreException open = null;
        StoreException last = null;
        for (int attempt = 0; attempt < MAX_TRIES; attempt++) {
            if (attempt > 0) {
                env.blocking().pause(FIRST_PAUSE_MS << (attempt - 1));
            }
            try {
                if (env.store().putIfAbsent(key, Content.of(bytes))) {
                    return true;
                }
            } catch (StoreException e) {
                last = e;
                if (e.kind() == StoreException.Kind.UNKNOWN_OUTCOME) {
                    open = e;
                }
                if (e.kind().isTransient()) {
                    continue;
                }
                throw unresolved(key, open, e);
            }
            try {
                byte @Nullable [] there = env.store().get(key);
                return there != null && Arrays.equals(there, bytes);
            } catch (StoreException e) {
                // Something is there, and while nobody has read it, it may be ours.
                last = e;
                open = e;
                if (!e.kind().isTransient()) {
                    throw unresolved(key, open, e);
                }
            }
        }
        throw unresolved(key, open, last == null ? new AssertionError("no try was made") : last);
    }

    private static StoreException unresolved(String key, @Nullable StoreException open, Throwable last) {
        if (open == null && last instanceof StoreException definite) {
            return definite;
        }
        return new StoreException(
                StoreException.Kind.UNKNOWN_OUTCOME,
                "whether object '" + key + "' was written is still open after " + MAX_TRIES + " tries; last: "
                        + last.getMessage(),
                last);
    }
}
