package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.checkpoint.CheckpointSettings;

/**
 * The settings of a job that may change while it runs. On the coordinator's thread. Changes are forgotten with the coordinator: the
 * next one starts with what its process is given.
 */
final class LiveSettings {
    private CheckpointSettings checkpoint;

    LiveSettings(CheckpointSettings checkpoint) {
        this.checkpoint = checkpoint;
    }

    CheckpointSettings checkpoint() {
        return checkpoint;
    }

    void change(CheckpointSettings next) {
        checkpoint = next;
    }
}
