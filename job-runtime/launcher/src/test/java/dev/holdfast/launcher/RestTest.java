package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.launcher.http.Json;
import dev.holdfast.launcher.rest.Resources;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job of real processes that is watched and steered by HTTP. */
class RestTest {
    private static final Pattern HTTP = Pattern.compile(" http=\\S+:(\\d+) ");
    private static final String TOKEN = "a token for tests, not a secret";
    private static final long PATIENCE_NS = 60_000_000_000L;

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void end() {
        client.shutdownNow();
    }

    @Test
    void watchesAJobTakesASavepointChangesASettingStopsAndGoesOn() throws Exception {
        try (JobOfProcesses job = counting()) {
            ChildProcess coordinator = job.coordinator("--http-port=0", "--param=password=hidden");
            ChildProcess worker = job.worker("a", "--http-port=0", "--param=password=hidden");
            job.worker("b", "--http-port=0", "--param=password=hidden");
            int port = port(coordinator);
            int workerPort = port(worker);
            coordinator.await(line -> ProcessTest.lastCheckpoint(line) >= 1);

            // Who is let in.
            assertThat(call(port, "GET", "/api/v1/job", null, "").statusCode()).isEqualTo(401);
            assertThat(call(port, "POST", "/api/v1/job/cancel", "{}", "Bearer wrong")
                            .statusCode())
                    .isEqualTo(401);
            for (String probe : List.of("/livez", "/readyz", "/startupz")) {
                assertThat(call(port, "GET", probe, null, "").statusCode())
                        .as(probe)
                        .isEqualTo(200);
                assertThat(call(workerPort, "GET", probe, null, "").statusCode())
                        .as(probe)
                        .isEqualTo(200);
            }

            // What is seen.
            JsonNode seen = get(port, "/api/v1/job", Resources.Job.class);
            assertThat(seen.path("phase").asText()).isEqualTo("RUNNING");
            assertThat(seen.path("generation").asLong()).isEqualTo(1);
            JsonNode graph = get(port, "/api/v1/job/graph", Resources.Graph.class);
            assertThat(graph.path("vertices").size()).isGreaterThanOrEqualTo(2);
            assertThat(graph.findValuesAsText("state")).contains("RUNNING");
            assertThat(graph.findValuesAsText("worker")).contains("a", "b");
            assertThat(graph.path("edges").size()).isPositive();
            JsonNode checkpoints = get(port, "/api/v1/job/checkpoints", Resources.Checkpoints.class);
            assertThat(checkpoints.path("counts").path("completed").asLong()).isPositive();
            assertThat(checkpoints.path("lastCompleted").path("fullBytes").asLong())
                    .isPositive();
            JsonNode workers = get(port, "/api/v1/job/workers", Resources.Workers.class);
            assertThat(workers.findValuesAsText("name")).containsExactlyInAnyOrder("a", "b");
            JsonNode state = get(port, "/api/v1/job/state", Resources.State.class);
            assertThat(state.path("operators").size()).isGreaterThanOrEqualTo(2);
            get(port, "/api/v1/job/exceptions", Resources.Exceptions.class);
            JsonNode ofWorker = get(workerPort, "/api/v1/worker", Resources.WorkerStatus.class);
            assertThat(ofWorker.path("phase").asText()).isEqualTo("READY");
            assertThat(call(port, "GET", "/api/v1/openapi.yaml", null, "Bearer " + TOKEN)
                            .body())
                    .isEqualTo(Files.readString(Repository.root().resolve("docs/reference/openapi.yaml")));

            // What is measured: a second after the start tasks have reported.
            assertThat(page(port))
                    .contains("holdfast_checkpoint", "job=\"default/counting/local\"")
                    .doesNotContain("holdfast_task_records_in_total");
            assertThat(page(workerPort)).contains("holdfast_task_records_in_total", "worker=\"a\"", "jvm_");
            assertThat(call(port, "GET", "/metrics", null, "").statusCode()).isEqualTo(401);
            JsonNode rates = awaitRates(port);
            assertThat(rates.path("busyMsPerSecond").asInt(-1)).isBetween(0, 1_000);
            assertThat(rates.path("reportTime").asText()).isNotBlank();

            // Settings.
            JsonNode settings = get(port, "/api/v1/job/configuration", Resources.Configuration.class);
            assertThat(setting(settings, "checkpoint.interval")).isEqualTo("100ms command line");
            assertThat(setting(settings, "parameter.password")).isEqualTo("*** command line");
            assertThat(setting(settings, "checkpoint.timeout")).isEqualTo("10m default");
            HttpResponse<String> changed = call(
                    port, "PATCH", "/api/v1/job/configuration", "{\"checkpoint.interval\": \"7d\"}", "Bearer " + TOKEN);
            assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
            assertThat(setting(Json.tree(changed.body()), "checkpoint.interval"))
                    .isEqualTo("7d live");
            refused(port, "{\"checkpoint.interval\": \"8d\"}", 422, "HF-CFG-011");
            refused(port, "{\"checkpoint.intervall\": \"8d\"}", 422, "HF-CFG-001");
            refused(port, "{\"parallelism\": 3}", 422, "HF-CFG-014");
            refused(port, "{\"checkpoint.interval\": {}}", 400, "HF-API-005");
            long before = settled(port);

            // A savepoint, asked for twice.
            HttpResponse<String> bad = post(port, "/api/v1/job/savepoints", "{\"name\": \"../up\"}");
            assertThat(bad.statusCode()).isEqualTo(400);
            assertThat(bad.body()).contains("HF-API-016");
            HttpResponse<String> begun = post(port, "/api/v1/job/savepoints", "{\"name\": \"mine\"}");
            assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
            String location = begun.headers().firstValue("Location").orElseThrow();
            assertThat(post(port, "/api/v1/job/savepoints", "{\"name\": \"mine\"}")
                            .headers()
                            .firstValue("Location"))
                    .contains(location);
            JsonNode saved = await(port, location);
            assertThat(saved.path("state").asText()).as("%s", saved).isEqualTo("COMPLETED");
            assertThat(saved.path("location").asText()).isEqualTo("default/counting/local/savepoints/mine");
            assertThat(settled(port))
                    .as("its checkpoint alone: the interval is 7 days now")
                    .isEqualTo(before + 1);
            HttpResponse<String> stranger =
                    call(port, "GET", "/api/v1/job/operations/other-1", null, "Bearer " + TOKEN);
            assertThat(stranger.statusCode()).isEqualTo(404);
            assertThat(stranger.body()).contains("HF-API-017").contains("is not of this coordinator");

            // The end, by the program's own client.
            Path token = directory.resolve("token");
            String url = url(port);
            assertThat(holdfast(ExitCode.DONE, "status", url, "--http-token-file=" + token))
                    .contains("phase       RUNNING");
            assertThat(holdfast(ExitCode.FAILED, "status", url)).contains("HF-API-010");
            assertThat(holdfast(ExitCode.FAILED, "savepoint", url, "--http-token-file=" + token, "--name=../up"))
                    .contains("HF-API-016");
            assertThat(holdfast(ExitCode.DONE, "stop", url, "--http-token-file=" + token, "--name=stopped"))
                    .contains("stop state=COMPLETED")
                    .contains("location=default/counting/local/savepoints/stopped");
            assertThat(coordinator.exitCode()).as(coordinator.err()).isZero();
            assertThat(coordinator.lastLine()).startsWith("end phase=SUSPENDED ");
            assertThat(worker.exitCode()).as(worker.err()).isZero();
            Map<Long, List<Long>> stopped = job.committed();
            assertNoGaps(stopped);

            ChildProcess again = job.coordinator("--http-port=0", "--from-savepoint=stopped");
            List<ChildProcess> second = List.of(job.worker("a", "--http-port=0"), job.worker("b", "--http-port=0"));
            int next = port(again);
            again.await(line -> ProcessTest.lastCheckpoint(line) >= 1);
            assertThat(get(next, "/api/v1/job", Resources.Job.class)
                            .path("restoredCheckpoint")
                            .asLong())
                    .isPositive();
            assertThat(post(next, "/api/v1/job/savepoints", "{\"name\": \"mine\"}")
                            .body())
                    .contains("HF-CKP-010");
            rescale(job, again, next, token);

            String end = holdfast(ExitCode.DONE, "drain", url(next), "--http-token-file=" + token);
            assertThat(end).contains("drain state=COMPLETED");
            long lastCheckpoint = Long.parseLong(end.strip().replaceFirst(".* checkpoint=(\\d+).*", "$1"));
            assertThat(again.exitCode()).as(again.err()).isZero();
            assertThat(again.lastLine()).startsWith("end phase=FINISHED ");
            for (ChildProcess each : second) {
                assertThat(each.exitCode()).as(each.err()).isZero();
            }
            Map<Long, List<Long>> drained = job.committed();
            assertNoGaps(drained);
            assertThat(drained.get(0L).size()).isGreaterThan(stopped.get(0L).size());

            // A drained job goes on where its sources were, if it is told to.
            ChildProcess third = job.coordinator("--http-port=0", "--from-checkpoint=" + lastCheckpoint);
            job.worker("a", "--http-port=0");
            job.worker("b", "--http-port=0");
            int last = port(third);
            third.await(line -> ProcessTest.lastCheckpoint(line) > lastCheckpoint);
            assertThat(holdfast(ExitCode.DONE, "cancel", url(last), "--http-token-file=" + token))
                    .contains("cancel state=COMPLETED");
            assertThat(third.exitCode()).as(third.err()).isZero();
            Map<Long, List<Long>> all = job.committed();
            assertNoGaps(all);
            assertThat(all.get(0L).size()).isGreaterThan(drained.get(0L).size());
        }
    }

    /** From two workers to three, and to one. */
    private void rescale(JobOfProcesses job, ChildProcess coordinator, int port, Path token) throws Exception {
        assertThat(holdfast(ExitCode.FAILED, "rescale", url(port), "--http-token-file=" + token, "--parallelism=3"))
                .contains("HF-RUN-024")
                .contains("needs 3 slots, and workers offer 2");
        assertThat(post(port, "/api/v1/job/rescale", "{\"parallelism\": 0}").body())
                .contains("HF-API-019");
        job.worker("c", "--http-port=0");
        long endNs = System.nanoTime() + PATIENCE_NS;
        while (get(port, "/api/v1/job/workers", Resources.Workers.class)
                        .path("slotsOffered")
                        .asInt()
                < 3) {
            assertThat(System.nanoTime()).as("the third worker is there").isLessThan(endNs);
        }
        for (int parallelism : new int[] {3, 1}) {
            assertThat(holdfast(
                            ExitCode.DONE,
                            "rescale",
                            url(port),
                            "--http-token-file=" + token,
                            "--parallelism=" + parallelism))
                    .contains("rescale state=COMPLETED")
                    .contains("parallelism=" + parallelism);
            assertThat(get(port, "/api/v1/job/workers", Resources.Workers.class)
                            .path("slotsNeeded")
                            .asInt())
                    .isEqualTo(parallelism);
            long before = settled(port);
            coordinator.await(line -> ProcessTest.lastCheckpoint(line) > before);
        }
    }

    private static String url(int port) {
        return "--coordinator-url=http://127.0.0.1:" + port;
    }

    @Test
    void recordsAProfile() throws Exception {
        try (JobOfProcesses job = counting()) {
            ChildProcess worker = job.worker("a", "--http-port=0");
            int port = port(worker);
            HttpResponse<String> begun = call(port, "POST", "/api/v1/profile?duration=1s", "", "Bearer " + TOKEN);
            assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
            assertThat(call(port, "POST", "/api/v1/profile?duration=1s", "", "Bearer " + TOKEN)
                            .body())
                    .contains("HF-API-030");
            assertThat(call(port, "POST", "/api/v1/profile?duration=1h", "", "Bearer " + TOKEN)
                            .body())
                    .contains("HF-API-007");
            String location = begun.headers().firstValue("Location").orElseThrow();
            assertThat(call(port, "GET", location + "/recording", null, "Bearer " + TOKEN)
                            .body())
                    .contains("HF-API-033");

            JsonNode done = await(port, location);

            assertThat(done.path("state").asText()).as("%s", done).isEqualTo("COMPLETED");
            byte[] recording = client.send(
                            HttpRequest.newBuilder(uri(port, location + "/recording"))
                                    .header("Authorization", "Bearer " + TOKEN)
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray())
                    .body();
            assertThat(new String(recording, 0, 3, StandardCharsets.US_ASCII)).isEqualTo("FLR");
        }
    }

    private String page(int port) throws Exception {
        HttpResponse<String> page = call(port, "GET", "/metrics", null, "Bearer " + TOKEN);
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        return page.body();
    }

    /** Workers report about once a second. */
    private JsonNode awaitRates(int port) throws Exception {
        long endNs = System.nanoTime() + PATIENCE_NS;
        while (System.nanoTime() - endNs < 0) {
            JsonNode rates =
                    get(port, "/api/v1/job/graph", Resources.Graph.class).findValue("rates");
            if (rates != null) {
                return rates;
            }
        }
        throw new AssertionError("no task has reported");
    }

    /** Each number was counted without a gap and without a repetition, however far. */
    private static void assertNoGaps(Map<Long, List<Long>> counts) {
        assertThat(counts).isNotEmpty();
        counts.forEach((number, updates) -> {
            for (int i = 0; i < updates.size(); i++) {
                assertThat(updates.get(i)).as("update %s of %s", i, number).isEqualTo(i + 1);
            }
        });
    }

    /** Completed checkpoints, once none is under way. */
    private long settled(int port) throws Exception {
        long endNs = System.nanoTime() + PATIENCE_NS;
        while (System.nanoTime() - endNs < 0) {
            JsonNode counts = get(port, "/api/v1/job/checkpoints", Resources.Checkpoints.class)
                    .path("counts");
            if (counts.path("inProgress").asLong() == 0) {
                return counts.path("completed").asLong();
            }
        }
        throw new AssertionError("a checkpoint does not end");
    }

    private void refused(int port, String change, int status, String code) throws Exception {
        HttpResponse<String> response = call(port, "PATCH", "/api/v1/job/configuration", change, "Bearer " + TOKEN);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(Json.tree(response.body()).path("code").asText()).isEqualTo(code);
    }

    private static String setting(JsonNode settings, String name) {
        for (JsonNode setting : settings.path("settings")) {
            if (setting.path("name").asText().equals(name)) {
                return setting.path("value").asText() + " "
                        + setting.path("source").asText();
            }
        }
        throw new AssertionError("no " + name + " in " + settings);
    }

    private JsonNode await(int port, String location) throws Exception {
        long endNs = System.nanoTime() + PATIENCE_NS;
        while (true) {
            JsonNode operation = get(port, location, Resources.Operation.class);
            if (!operation.path("state").asText().equals("IN_PROGRESS") || System.nanoTime() - endNs > 0) {
                return operation;
            }
        }
    }

    private static String holdfast(ExitCode wanted, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        ExitCode code = Main.run(args, new Terminal(print, print), Map.of());
        String text = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(text).isEqualTo(wanted);
        return text;
    }

    private static int port(ChildProcess process) throws Exception {
        Matcher matcher = HTTP.matcher(process.await(line -> line.contains(" http=")));
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    private JsonNode get(int port, String path, Class<?> type) throws Exception {
        HttpResponse<String> response = call(port, "GET", path, null, "Bearer " + TOKEN);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode node = Json.tree(response.body());
        assertFields(node, type);
        return node;
    }

    /** What goes over the wire has the fields of its record, of which the document is made, and no others. */
    private static void assertFields(JsonNode node, Class<?> type) {
        List<String> known = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            known.add(component.getName());
            JsonNode value = node.path(component.getName());
            if (component.getGenericType() instanceof ParameterizedType list
                    && list.getActualTypeArguments()[0] instanceof Class<?> item
                    && item.isRecord()) {
                value.forEach(each -> assertFields(each, item));
            } else if (component.getType().isRecord() && value.isObject()) {
                assertFields(value, component.getType());
            }
        }
        List<String> found = new ArrayList<>();
        node.fieldNames().forEachRemaining(found::add);
        assertThat(known).as("fields of %s", type).containsAll(found);
    }

    private HttpResponse<String> post(int port, String path, String body) throws Exception {
        return call(port, "POST", path, body, "Bearer " + TOKEN);
    }

    private HttpResponse<String> call(int port, String method, String path, String body, String authorization)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(port, path));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        if (body == null || body.isEmpty()) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json").method(method, BodyPublishers.ofString(body));
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private JobOfProcesses counting() throws Exception {
        return new JobOfProcesses(
                directory,
                "--program=" + TestPrograms.CountingToFiles.class.getName(),
                "--param=count=1000000000",
                "--param=rate=2000",
                "--param=output=" + directory.resolve("output"));
    }
}
