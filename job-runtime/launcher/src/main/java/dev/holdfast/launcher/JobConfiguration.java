package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.Parameters;
import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.protocol.Timeouts;
import dev.holdfast.storage.s3.StoreSettings;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which job it is: what all its processes must be told alike.
 *
 * @param program name of the program's class
 */
record JobConfiguration(
        String program,
        JobRoot root,
        Parameters parameters,
        int maxParallelism,
        StoreSettings storage,
        boolean allowDroppedState,
        Timeouts timeouts) {

    /**
     * Reads settings.
     *
     * @throws HoldfastException that names the setting
     */
    static JobConfiguration of(Map<String, String> settings) {
        Typed typed = new Typed(settings);
        String program = typed.required(Settings.PROGRAM);
        return new JobConfiguration(
                program,
                root(typed),
                parameters(settings),
                typed.integer(Settings.MAX_PARALLELISM, 1, Integer.MAX_VALUE),
                storage(settings),
                typed.flag(Settings.ALLOW_DROPPED_STATE),
                Timeouts.from(settings));
    }

    static StoreSettings storage(Map<String, String> settings) {
        Map<String, String> storage = new TreeMap<>(settings);
        SecretFiles.resolve(storage);
        return StoreSettings.parse(storage);
    }

    /** Where the job lives; its name may come from the program's. */
    static JobRoot root(Typed typed) {
        String name =
                typed.text(Settings.JOB_NAME).orElseGet(() -> JobNames.ofProgram(typed.required(Settings.PROGRAM)));
        try {
            return new JobRoot(typed.required(Settings.JOB_NAMESPACE), name, typed.required(Settings.JOB_ID));
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
}
