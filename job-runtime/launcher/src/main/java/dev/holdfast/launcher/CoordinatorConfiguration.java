package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.coordinator.HeartbeatSettings;
import dev.holdfast.launcher.http.HttpSettings;
import dev.holdfast.transport.netty.NetworkSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of a coordinator's process, with their types.
 *
 * @param http empty for none
 */
record CoordinatorConfiguration(
        JobConfiguration job,
        CoordinationConfiguration coordination,
        NetworkSettings network,
        HeartbeatSettings heartbeat,
        MemoryConfiguration memory,
        Optional<HttpSettings> http) {
    private static final int DEFAULT_PORT = 7600;

    /** Below this a busy machine is taken for a dead one. */
    private static final Duration LEAST_HEARTBEAT = Duration.ofMillis(10);

    /**
     * Reads settings.
     *
     * @throws HoldfastException that names the setting
     */
    static CoordinatorConfiguration of(Map<String, String> settings) {
        Typed typed = new Typed(settings);
        return new CoordinatorConfiguration(
                JobConfiguration.of(settings),
                CoordinationConfiguration.of(settings),
                NetworkConfiguration.of(typed, DEFAULT_PORT),
                heartbeat(typed),
                MemoryConfiguration.ofCoordinator(
                        typed, MemoryLimit.ofThisProcess(), Runtime.getRuntime().maxMemory()),
                HttpConfiguration.of(typed, Role.COORDINATOR));
    }

    private static HeartbeatSettings heartbeat(Typed typed) {
        Duration interval = typed.duration(ProcessSettings.HEARTBEAT_INTERVAL, LEAST_HEARTBEAT);
        Duration timeout = typed.duration(ProcessSettings.HEARTBEAT_TIMEOUT, LEAST_HEARTBEAT);
        if (timeout.compareTo(interval.multipliedBy(2)) < 0) {
            throw ConfigurationErrors.contradiction(ProcessSettings.HEARTBEAT_TIMEOUT + " is " + timeout.toMillis()
                    + "ms, and " + ProcessSettings.HEARTBEAT_INTERVAL + " is " + interval.toMillis()
                    + "ms. The time-out must be at least two intervals");
        }
        return new HeartbeatSettings(interval.toMillis(), timeout.toMillis());
    }
}
