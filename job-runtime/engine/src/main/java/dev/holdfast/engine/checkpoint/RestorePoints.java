package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.env.Env;
import java.util.Optional;
import java.util.Set;

/** Signatures; filled in next. */
public final class RestorePoints {
    public RestorePoints(Env env, JobRoot root) {}

    /** How much of a snapshot is looked at before it is chosen. */
    public enum Verify {
        /** The manifest alone; the rest when it is fetched. */
        MANIFEST,
        /** That every object exists and is long enough. */
        SIZES,
        /** Every byte. */
        CHECKSUMS
    }

    /**
     * Chooses what to start from.
     *
     * @param allowOlder setting {@code checkpoint.restore-older-when-damaged}
     * @param knownDamaged checkpoints that a restore already failed on
     * @return empty to start without state
     */
    public Optional<RestorePoint> resolve(
            LogView view, RestoreRequest request, boolean allowOlder, Verify verify, Set<Long> knownDamaged) {
        throw new UnsupportedOperationException();
    }
}
