package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.env.Env;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** Looks whether everything is there that a manifest points at. */
final class Verifier {
    private final Env env;
    private final CheckpointStore store;

    Verifier(Env env, CheckpointStore store) {
        this.env = env;
        this.store = store;
    }

    /**
     * @param base what the manifest's names are relative to
     * @throws SnapshotException for the first object that is missing or damaged
     */
    void verify(String base, Manifest manifest, RestorePoints.Verify depth) {
        switch (depth) {
            case MANIFEST -> {}
            case SIZES -> sizes(base, manifest);
            case CHECKSUMS -> checksums(base, manifest);
        }
    }

    /** One small request per object: its last needed byte. */
    private void sizes(String base, Manifest manifest) {
        for (Map.Entry<String, Long> object : Reachability.neededBytes(manifest).entrySet()) {
            long bytes = object.getValue();
            ObjectReads.range(
                    env.store(),
                    base + object.getKey(),
                    Math.max(0, bytes - 1),
                    (int) Math.min(1, bytes),
                    "last of " + bytes + " bytes");
        }
    }

    private void checksums(String base, Manifest manifest) {
        Reachability.forEach(manifest, (what, slice) -> {
            try {
                store.copy(base + slice.object(), slice, what, OutputStream.nullOutputStream());
            } catch (IOException e) {
                throw new IllegalStateException("bytes that nobody keeps cannot fail to be kept", e);
            }
        });
    }
}
