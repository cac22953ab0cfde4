package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.env.Env;

/** Signatures; filled in next. */
public final class CheckpointStore {
    public CheckpointStore(Env env, JobRoot root) {}

    /** Writes a checkpoint's manifest under a new name. */
    public ManifestRef writeManifest(Manifest manifest) {
        throw new UnsupportedOperationException();
    }

    /** Reads a manifest and verifies it. */
    public Manifest readManifest(ManifestRef ref) {
        throw new UnsupportedOperationException();
    }
}
