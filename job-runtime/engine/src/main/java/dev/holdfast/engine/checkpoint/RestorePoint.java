package dev.holdfast.engine.checkpoint;

import java.util.List;

/**
 * What a job starts from.
 *
 * @param manifest lists its content
 * @param base the store's key that the manifest's names are relative to; ends with a slash
 * @param from what goes into the Begin record
 * @param shared whether new checkpoints may refer to its objects; otherwise (a savepoint) all is uploaded again
 * @param skipped newer checkpoints that could not be used, each with the reason; empty unless the setting allows it
 */
public record RestorePoint(Manifest manifest, String base, RestoredFrom from, boolean shared, List<String> skipped) {
    public RestorePoint {
        skipped = List.copyOf(skipped);
    }

    /** What a person should know of the choice; empty if it was the newest. */
    public String note() {
        return skipped.isEmpty()
                ? ""
                : "restoring checkpoint " + manifest.checkpointId() + "; not restored: " + String.join("; ", skipped);
    }
}
