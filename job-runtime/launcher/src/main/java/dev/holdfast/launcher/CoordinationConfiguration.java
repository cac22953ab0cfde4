package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.JobSettings;
import dev.holdfast.engine.coordinator.RestartStrategy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How a job is to be run: what only its coordinator is told.
 *
 * @param parallelism of operators that set none
 * @param savepointOnStop name of the savepoint to take when the process is told to end
 */
record CoordinationConfiguration(
        int parallelism,
        CheckpointSettings checkpoint,
        RestartStrategy restart,
        RestoreRequest restore,
        String restoreNonce,
        Optional<String> savepointOnStop,
        Duration progressInterval) {

    /** Less would print more than anybody reads. */
    static final Duration LEAST_PROGRESS = Duration.ofMillis(10);

    /**
     * Reads settings.
     *
     * @throws HoldfastException that names the setting
     */
    static CoordinationConfiguration of(Map<String, String> settings) {
        Typed typed = new Typed(settings);
        return new CoordinationConfiguration(
                typed.integer(Settings.PARALLELISM, 1, Integer.MAX_VALUE),
                CheckpointSettings.from(settings),
                RestartStrategy.from(settings),
                restore(typed),
                typed.text(Settings.RESTORE_NONCE).orElse(""),
                typed.text(Settings.STOP_SAVEPOINT).map(CoordinationConfiguration::savepointName),
                typed.duration(Settings.PROGRESS_INTERVAL, LEAST_PROGRESS));
    }

    /** For the engine. */
    JobSettings jobSettings(JobConfiguration job, String writer) {
        return new JobSettings(
                job.root(),
                writer,
                checkpoint,
                restart,
                parallelism,
                restore,
                restoreNonce,
                job.allowDroppedState(),
                job.timeouts());
    }

    private static String savepointName(String name) {
        try {
            JobRoot.savepoint(name);
            return name;
        } catch (IllegalArgumentException e) {
            throw new HoldfastException("HF-CFG-003", String.valueOf(e.getMessage()), e);
        }
    }

    private static RestoreRequest restore(Typed typed) {
        Optional<String> checkpoint = typed.text(Settings.FROM_CHECKPOINT);
        Optional<String> savepoint = typed.text(Settings.FROM_SAVEPOINT);
        boolean nothing = typed.flag(Settings.IGNORE_STATE);
        if ((checkpoint.isPresent() ? 1 : 0) + (savepoint.isPresent() ? 1 : 0) + (nothing ? 1 : 0) > 1) {
            throw ConfigurationErrors.contradiction("of " + Settings.FROM_CHECKPOINT + ", " + Settings.FROM_SAVEPOINT
                    + " and " + Settings.IGNORE_STATE
                    + " more than one is set. Set one of them, or none to go on where the job stopped");
        }
        if (checkpoint.isPresent()) {
            return new RestoreRequest.Checkpoint(typed.number(Settings.FROM_CHECKPOINT, 1));
        }
        if (savepoint.isPresent()) {
            return new RestoreRequest.Savepoint(savepoint.get());
        }
        return nothing ? new RestoreRequest.Nothing() : new RestoreRequest.Latest();
    }
}
