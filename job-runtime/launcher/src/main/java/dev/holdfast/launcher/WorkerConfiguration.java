package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.launcher.http.HttpSettings;
import dev.holdfast.transport.netty.NetworkSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The settings of a worker's process, with their types.
 *
 * @param name unique within the job
 * @param workDirectory where to put local files; empty for a temporary directory
 * @param stopTimeout how long the end of the tasks is awaited after a signal
 * @param http empty for none
 */
record WorkerConfiguration(
        JobConfiguration job,
        String name,
        int slots,
        Endpoint coordinator,
        NetworkSettings network,
        MemoryConfiguration memory,
        Optional<String> workDirectory,
        Duration stopTimeout,
        Duration progressInterval,
        Optional<HttpSettings> http) {
    private static final int ANY_PORT = 0;

    /** A thread each; more than any machine has cores. */
    private static final int MOST_SLOTS = 1024;

    /** Part of a path, and as long as names of pods may be. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,252}");

    /**
     * Reads settings.
     *
     * @param hostName of this process, as the environment tells it
     * @throws HoldfastException that names the setting
     */
    static WorkerConfiguration of(Map<String, String> settings, Optional<String> hostName) {
        Typed typed = new Typed(settings);
        int slots = typed.integer(ProcessSettings.WORKER_SLOTS, 1, MOST_SLOTS);
        return new WorkerConfiguration(
                JobConfiguration.of(settings),
                name(typed, hostName),
                slots,
                coordinator(typed),
                NetworkConfiguration.of(typed, ANY_PORT),
                MemoryConfiguration.ofTasks(
                        typed,
                        slots,
                        true,
                        MemoryLimit.ofThisProcess(),
                        Runtime.getRuntime().maxMemory()),
                typed.text(Settings.WORK_DIRECTORY),
                typed.duration(ProcessSettings.WORKER_STOP_TIMEOUT, Duration.ZERO),
                typed.duration(Settings.PROGRESS_INTERVAL, CoordinationConfiguration.LEAST_PROGRESS),
                HttpConfiguration.of(typed, Role.WORKER));
    }

    private static String name(Typed typed, Optional<String> hostName) {
        String name = typed.text(ProcessSettings.WORKER_NAME)
                .or(() -> hostName)
                .orElseGet(WorkerConfiguration::nameOfMachine);
        if (!NAME.matcher(name).matches()) {
            throw ConfigurationErrors.malformed(
                    ProcessSettings.WORKER_NAME,
                    name,
                    "1 to 253 of A-Z a-z 0-9 . _ - that begin with a letter, a digit or _",
                    null);
        }
        return name;
    }

    private static String nameOfMachine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw ConfigurationErrors.missing(
                    Settings.find(ProcessSettings.WORKER_NAME).orElseThrow());
        }
    }

    private static Endpoint coordinator(Typed typed) {
        String text = typed.required(ProcessSettings.COORDINATOR_ADDRESS);
        try {
            Endpoint endpoint = Endpoint.parse(text);
            if (endpoint.port() != 0) {
                return endpoint;
            }
        } catch (IllegalArgumentException e) {
            throw ConfigurationErrors.malformed(
                    ProcessSettings.COORDINATOR_ADDRESS, text, "host:port or [IPv6 address]:port", e);
        }
        throw ConfigurationErrors.malformed(ProcessSettings.COORDINATOR_ADDRESS, text, "a port from 1 to 65535", null);
    }
}
