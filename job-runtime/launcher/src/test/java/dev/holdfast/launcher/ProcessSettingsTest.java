package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.coordinator.HeartbeatSettings;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.transport.netty.NetworkSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What coordinator and worker are told, right and wrong. */
class ProcessSettingsTest {
    private static final Map<String, String> JOB =
            Map.of("program", "com.acme.WordCount", "storage", "file:///tmp/bucket", "network.token-file", "/token");

    @Test
    void readsACoordinatorsDefaults() {
        CoordinatorConfiguration configuration = coordinator(Map.of());

        assertThat(configuration.network().listen()).isEqualTo(new Endpoint("0.0.0.0", 7600));
        assertThat(configuration.network().security()).isEqualTo(new NetworkSettings.Security.Token(Path.of("/token")));
        assertThat(configuration.heartbeat()).isEqualTo(HeartbeatSettings.DEFAULT);
    }

    @Test
    void readsAWorkersDefaults() {
        WorkerConfiguration configuration = worker(Map.of());

        assertThat(configuration.name()).isEqualTo("pod-7");
        assertThat(configuration.slots()).isEqualTo(1);
        assertThat(configuration.coordinator()).isEqualTo(new Endpoint("c", 7600));
        assertThat(configuration.network().listen().port()).isZero();
        assertThat(configuration.network().advertisedHost()).isNotEqualTo("0.0.0.0");
    }

    @Test
    void advertisesTheHostThatItListensAt() {
        assertThat(worker(Map.of("listen.host", "127.0.0.1")).network().advertisedHost())
                .isEqualTo("127.0.0.1");
        assertThat(worker(Map.of("advertised-host", "w.example")).network().advertisedHost())
                .isEqualTo("w.example");
    }

    @ParameterizedTest
    @CsvSource({
        "worker.slots, 0, 1 or more",
        "worker.slots, 5000, 1 to 1024",
        "worker.name, a b, 1 to 253 of",
        "coordinator.address, here, host:port or",
        "coordinator.address, here:0, a port from 1 to 65535",
        "listen.port, 70000, 0 to 65535",
        "network.threads, none, a whole number",
        "network.connect-timeout, soon, a duration such as",
        "network.memory, much, a size such as",
        "memory.total, much, a size such as",
        "worker.stop-timeout, -1s, a duration such as",
    })
    void namesBadValuesOfAWorker(String name, String value, String expected) {
        assertThatThrownBy(() -> worker(Map.of(name, value)))
                .hasMessageStartingWith("HF-CFG-003: setting " + name + " is '" + value + "'; expected " + expected);
    }

    @Test
    void namesHeartbeatsThatContradictEachOther() {
        assertThatThrownBy(() -> coordinator(Map.of("heartbeat.timeout", "600ms")))
                .hasMessage(
                        "HF-CFG-006: heartbeat.timeout is 600ms, and heartbeat.interval is 500ms. The time-out must be"
                                + " at least two intervals");
    }

    @Test
    void wantsOneWayToProveWhoItIs() {
        assertThatThrownBy(() -> worker(Map.of("network.token-file", "")))
                .hasMessageStartingWith("HF-CFG-002: setting network.token-file is not set");
        assertThatThrownBy(() -> worker(Map.of("network.tls.key-file", "/key")))
                .hasMessage("HF-CFG-006: both network.token-file and network.tls.key-file are set. Leave one out");
        assertThatThrownBy(() -> worker(Map.of("network.token-file", "", "network.tls.key-file", "/key")))
                .hasMessageStartingWith("HF-CFG-002: setting network.tls.certificate-file is not set");
    }

    @Test
    void wantsACoordinator() {
        assertThatThrownBy(() -> worker(Map.of("coordinator.address", "")))
                .hasMessageStartingWith("HF-CFG-002: setting coordinator.address is not set; expected host:port. Give"
                        + " --coordinator ...");
    }

    @Test
    void refusesSettingsOfAnotherProcessOnTheCommandLineAlone() {
        assertThat(Captured.run(Map.of(), "worker", "--set", "checkpoint.interval=1s")
                        .error())
                .isEqualTo(
                        "error: HF-CFG-009: setting checkpoint.interval does nothing in holdfast worker: it belongs to"
                                + " holdfast local, holdfast coordinator. Leave it out, or put it into the file of"
                                + " settings that all processes of the job share");
        assertThat(Captured.run(Map.of("HOLDFAST_CHECKPOINT_INTERVAL", "1s"), "worker")
                        .error())
                .startsWith("error: HF-CFG-002: setting program is not set");
    }

    @Test
    void namesTokenFileThatIsNotThere() {
        Captured run = Captured.run(
                Map.of(),
                "coordinator",
                "--program=" + TestPrograms.Counting.class.getName(),
                "--param=count=1",
                "--storage=file:///tmp/holdfast-no-bucket",
                "--listen-host=127.0.0.1",
                "--token-file=/no/such/token");

        assertThat(run.error()).startsWith("error: HF-NET-004: token file /no/such/token cannot be read");
        assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void refusesMemoryThatDoesNotFit() {
        Captured run = Captured.run(
                Map.of(),
                "coordinator",
                "--program=" + TestPrograms.Counting.class.getName(),
                "--param=count=1",
                "--storage=file:///tmp/holdfast-no-bucket",
                "--token-file=/no/such/token",
                "--set=memory.total=64m");

        assertThat(run.error())
                .startsWith("error: HF-CFG-013: memory does not fit: heap ")
                .contains(", and the setting memory.total is 64 MB.");
        assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void namesUnknownFormOfTheLog() {
        assertThat(Captured.local("--log-format", "xml").error())
                .isEqualTo("error: HF-CFG-003: setting log.format is 'xml'; expected one of text, json");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void showsHelpOfEachCommand(Role role) {
        Captured run = Captured.run(Map.of(), role.command(), "--help");

        assertThat(run.code()).isEqualTo(ExitCode.DONE);
        assertThat(run.out()).contains("Usage: holdfast " + role.command()).contains(role.description());
    }

    private static CoordinatorConfiguration coordinator(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(JOB);
        settings.putAll(more);
        return CoordinatorConfiguration.of(settings);
    }

    private static WorkerConfiguration worker(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(JOB);
        settings.put("coordinator.address", "c:7600");
        settings.putAll(more);
        return WorkerConfiguration.of(settings, Optional.of("pod-7"));
    }
}
