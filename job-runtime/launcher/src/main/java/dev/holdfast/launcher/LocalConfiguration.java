package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.Parameters;
import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.RestartStrategy;
import dev.holdfast.engine.protocol.Timeouts;
import dev.holdfast.storage.s3.StoreSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The settings of a job in one process, with their types.
 *
 * @param program name of the program's class
 * @param workDirectory where to put local files; empty for a temporary directory
 * @param savepointOnStop name of the savepoint to take when the process is told to end
 */
record LocalConfiguration(
        String program,
        JobRoot root,
        Parameters parameters,
        int parallelism,
        int maxParallelism,
        long stateMemoryBytes,
        Optional<String> workDirectory,
        StoreSettings storage,
        CheckpointSettings checkpoint,
        RestartStrategy restart,
        RestoreRequest restore,
        String restoreNonce,
        boolean allowDroppedState,
        Timeouts timeouts,
        Optional<String> savepointOnStop,
        Duration progressInterval) {

    /** Less would print more than anybody reads. */
    private static final Duration LEAST_PROGRESS = Duration.ofMillis(10);

    /**
     * Reads settings.
     *
     * @throws HoldfastException that names the setting
     */
    static LocalConfiguration of(Map<String, String> settings) {
        Typed typed = new Typed(settings);
        String program = typed.required(Settings.PROGRAM);
        Map<String, String> storage = new TreeMap<>(settings);
        SecretFiles.resolve(storage);
        return new LocalConfiguration(
                program,
                root(typed, program),
                parameters(settings),
                typed.integer(Settings.PARALLELISM, 1, Integer.MAX_VALUE),
                typed.integer(Settings.MAX_PARALLELISM, 1, Integer.MAX_VALUE),
                stateMemoryBytes(typed, Runtime.getRuntime().maxMemory()),
                typed.text(Settings.WORK_DIRECTORY),
                StoreSettings.parse(storage),
                CheckpointSettings.from(settings),
                RestartStrategy.from(settings),
                restore(typed),
                typed.text(Settings.RESTORE_NONCE).orElse(""),
                typed.flag(Settings.ALLOW_DROPPED_STATE),
                Timeouts.from(settings),
                typed.text(Settings.STOP_SAVEPOINT).map(LocalConfiguration::savepointName),
                typed.duration(Settings.PROGRESS_INTERVAL, LEAST_PROGRESS));
    }

    /** The rest of the heap is for records in flight, flushes and the program. */
    static long stateMemoryBytes(Typed typed, long heapBytes) {
        if (typed.text(Settings.STATE_MEMORY).isEmpty()) {
            return heapBytes / 4;
        }
        long bytes = typed.sizeBytes(Settings.STATE_MEMORY);
        long most = heapBytes / 4 * 3;
        if (bytes > most) {
            throw ConfigurationErrors.malformed(
                    Settings.STATE_MEMORY,
                    typed.required(Settings.STATE_MEMORY),
                    "at most three quarters of the heap, which has " + (heapBytes >> 20)
                            + "m. Raise the heap: HOLDFAST_JAVA_OPTIONS=-Xmx...",
                    null);
        }
        return bytes;
    }

    private static JobRoot root(Typed typed, String program) {
        String name = typed.text(Settings.JOB_NAME).orElseGet(() -> JobNames.ofProgram(program));
        try {
            return new JobRoot(typed.required(Settings.JOB_NAMESPACE), name, typed.required(Settings.JOB_ID));
        } catch (IllegalArgumentException e) {
            throw new HoldfastException("HF-CFG-003", String.valueOf(e.getMessage()), e);
        }
    }

    private static String savepointName(String name) {
        try {
            JobRoot.savepoint(name);
            return name;
        } catch (IllegalArgumentException e) {
            throw new HoldfastException("HF-CFG-003", String.valueOf(e.getMessage()), e);
        }
    }

    private static Parameters parameters(Map<String, String> settings) {
        Map<String, String> parameters = new TreeMap<>();
        settings.forEach((name, value) -> {
            if (name.startsWith(Settings.PARAMETER_PREFIX)) {
                parameters.put(name.substring(Settings.PARAMETER_PREFIX.length()), value);
            }
        });
        return Parameters.of(parameters);
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
