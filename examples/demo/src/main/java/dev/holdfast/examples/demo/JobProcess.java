package dev.holdfast.examples.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One process of the job, and what it has said. The reader is a thread of its own; all else belongs to the demo's. */
final class JobProcess {
    static final int SLOTS = 2;

    private final Process process;
    private volatile JobView view = JobView.NONE;
    private volatile long firstRecordNs;
    private volatile long recordsAtCheckpoint;
    private final Thread reader;
    private long ratedRecords;
    private long ratedNs = System.nanoTime();

    private JobProcess(Process process) {
        this.process = process;
        this.reader = Thread.ofPlatform().name("job-output").daemon(true).start(this::read);
    }

    /** Where a job's things are. */
    record Place(String endpoint, Path workDirectory, Path output, Path log) {}

    static JobProcess start(Children children, DemoOptions options, Place place) throws IOException {
        Path libraries = options.libraries();
        ProcessBuilder builder = new ProcessBuilder(List.of(
                options.holdfast().toString(),
                "-cp",
                libraries.resolve("holdfast-example-wordcount.jar") + ":"
                        + libraries.resolve("holdfast-connector-files.jar"),
                "local",
                "--program=dev.holdfast.examples.wordcount.WordCount",
                "--name=word-count",
                "--storage=s3://" + ServerProcess.BUCKET + "/jobs",
                "--storage-endpoint=" + place.endpoint(),
                "--parallelism=" + SLOTS,
                "--state-memory=64m",
                "--work-directory=" + place.workDirectory(),
                "--progress-interval=100ms",
                "--set=checkpoint.interval=1s",
                // Only the kills may end tasks here; and a job whose demo was killed, with its server, ends by itself.
                "--set=restart.strategy=none",
                "--param=input=" + options.text(),
                "--param=repeat=" + options.repeat(),
                "--param=output=" + place.output()));
        Map<String, String> environment = builder.environment();
        environment.put("JAVA_HOME", JavaHome.path());
        environment.put("HOLDFAST_JAVA_OPTIONS", "-Xmx1g");
        environment.put("HOLDFAST_STORAGE_ACCESS_KEY", ServerProcess.ACCESS_KEY);
        environment.put("HOLDFAST_STORAGE_SECRET_KEY", ServerProcess.SECRET_KEY);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(place.log().toFile()));
        return new JobProcess(children.start(builder));
    }

    long pid() {
        return process.pid();
    }

    /** The newest line. */
    JobView view() {
        return view;
    }

    /** When the first line with records came, by {@link System#nanoTime}; 0 before. */
    long firstRecordNs() {
        return firstRecordNs;
    }

    /** Records that this process had read when its last checkpoint was first seen. */
    long recordsAtCheckpoint() {
        return recordsAtCheckpoint;
    }

    /** The rate since the last call. */
    long recordsPerSecond(long nowNs) {
        long records = view.records();
        long perSecond = Math.round((records - ratedRecords) * 1e9 / Math.max(1, nowNs - ratedNs));
        ratedRecords = records;
        ratedNs = nowNs;
        return perSecond;
    }

    /** Waits until all that the ended process has said is read. */
    void awaitOutput() throws InterruptedException {
        reader.join();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /**
     * SIGKILL: the process gets no chance to do anything. Returns when it is gone and all that it had said is read. By its
     * handle, since {@link Process#destroyForcibly} closes the pipe with what is still in it.
     */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
        awaitOutput();
    }

    private void read() {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (!line.startsWith("progress ") && !line.startsWith("end ")) {
                    continue;
                }
                JobView next = JobView.parse(line);
                if (next.records() > 0 && firstRecordNs == 0) {
                    firstRecordNs = System.nanoTime();
                }
                if (next.lastCheckpoint() > view.lastCheckpoint()) {
                    recordsAtCheckpoint = next.records();
                }
                view = next;
            }
        } catch (IOException e) {
            // A pipe that breaks belongs to a process that was killed.
        }
    }
}
