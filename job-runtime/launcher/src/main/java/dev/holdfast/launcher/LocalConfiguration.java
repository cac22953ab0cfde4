package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.launcher.http.HttpSettings;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of a job in one process, with their types.
 *
 * @param workDirectory where to put local files; empty for a temporary directory
 * @param http empty for none
 */
record LocalConfiguration(
        JobConfiguration job,
        CoordinationConfiguration coordination,
        MemoryConfiguration memory,
        Optional<String> workDirectory,
        Optional<HttpSettings> http) {

    /**
     * Reads settings.
     *
     * @throws HoldfastException that names the setting
     */
    static LocalConfiguration of(Map<String, String> settings) {
        Typed typed = new Typed(settings);
        JobConfiguration job = JobConfiguration.of(settings);
        CoordinationConfiguration coordination = CoordinationConfiguration.of(settings);
        return new LocalConfiguration(
                job,
                coordination,
                MemoryConfiguration.ofTasks(
                        typed,
                        coordination.parallelism(),
                        false,
                        MemoryLimit.ofThisProcess(),
                        Runtime.getRuntime().maxMemory()),
                typed.text(Settings.WORK_DIRECTORY),
                HttpConfiguration.of(typed, Role.LOCAL));
    }
}
