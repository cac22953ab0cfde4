package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.env.Env;

/** Signatures; filled in next. */
public final class Savepoints {
    public Savepoints(Env env, JobRoot root) {}

    /**
     * Copies a finished snapshot of this job below {@code savepoints/<name>/}. Until this returned, the collection must be
     * told to keep what the manifest reaches.
     */
    public ManifestRef write(String savepoint, Manifest manifest, LogWriter writer) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    /** Deletes a savepoint; may be repeated. */
    public void delete(String savepoint) {
        throw new UnsupportedOperationException();
    }
}
