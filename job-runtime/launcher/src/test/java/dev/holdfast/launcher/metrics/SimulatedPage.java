package dev.holdfast.launcher.metrics;

import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.Metrics;
import dev.holdfast.api.OperatorContext;
import dev.holdfast.api.Output;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.state.States;
import dev.holdfast.api.state.ValueState;
import dev.holdfast.connector.datagen.Datagen;
import dev.holdfast.connector.datagen.Discard;
import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.JobSettings;
import dev.holdfast.engine.coordinator.RestartStrategy;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import dev.holdfast.engine.env.simulated.MemoryDisk;
import dev.holdfast.engine.env.simulated.SimulatedProcess;
import dev.holdfast.engine.env.simulated.SimulatedWorld;
import dev.holdfast.engine.local.LocalJob;
import dev.holdfast.engine.local.LocalSettings;
import dev.holdfast.engine.protocol.Timeouts;
import dev.holdfast.engine.state.MemorySortedStore;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pages of a job that has run for ten seconds of virtual time, with names that need care. */
final class SimulatedPage implements AutoCloseable {
    static final String JOB = "ns/job \"quoted\\\"/1";
    static final int RATE = 1_000;
    static final int SECONDS = 10;

    final SimulatedWorld world = new SimulatedWorld(7);
    final LocalJob job;

    SimulatedPage() {
        SimulatedProcess process = world.start("a", new MemoryObjectStore(), new MemoryDisk());
        JobSettings settings = new JobSettings(
                new JobRoot("test", "job", "1"),
                "a",
                new CheckpointSettings(
                        Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ZERO, 1, 3, 2, true, false),
                new RestartStrategy.FixedDelay(5, Duration.ofMillis(10)),
                2,
                new RestoreRequest.Latest(),
                "",
                false,
                Timeouts.DEFAULTS);
        LocalSettings local = new LocalSettings(
                "job", Parameters.of(Map.of()), 128, 1 << 20, MemorySortedStore.factory(process.disk()), settings);
        job = LocalJob.start(process.env(), local, SimulatedPage::program, status -> {});
        world.runUntil(() -> false, SECONDS * 1_000_000_000L);
    }

    private static StreamProgram program() {
        return (graph, parameters) -> graph.source(
                        "numbers",
                        Datagen.of(Long.class, 1, (index, random) -> index)
                                .count(1_000_000)
                                .perSecond(RATE))
                .keyBy(Long.class, number -> number % 10)
                .process("count", Long.class, Counting::new)
                .sink("nowhere", Discard.sink());
    }

    private static final class Counting implements KeyedProcess<Long, Long, Long> {
        private final ValueState<Long> count;
        private Metrics.@Nullable Counter seen;
        private Metrics.@Nullable Histogram sizes;

        Counting(States states) {
            count = states.value("count", Long.class, 0L);
        }

        @Override
        public void open(OperatorContext context) {
            seen = context.metrics().counter("words-seen_total");
            sizes = context.metrics().histogram("sizes");
            context.metrics().gauge("broken", () -> {
                throw new IllegalStateException("a gauge of a job");
            });
            // Two types of one name: which one is shown does not matter, the page has to stay whole.
            context.metrics().counter("twice");
            context.metrics().gauge("twice", () -> 1);
            // Two names that are one on the page.
            context.metrics().counter("same-name");
            context.metrics().counter("same_name");
            // The format has such a series for each summary.
            context.metrics().gauge("sizes_count", () -> 1);
            for (int i = 0; i < 1_000; i++) {
                context.metrics().counter("made_of_data_" + i);
            }
        }

        @Override
        public void process(Long value, Context<Long> context, Output<Long> out) {
            count.set(count.get() + 1);
            if (seen != null && sizes != null) {
                seen.increment();
                sizes.record(value);
            }
            out.emit(value);
        }
    }

    MetricsPage local() {
        return MetricsPage.ofLocal(JOB, job::status, job.jobMetrics(), job.metrics());
    }

    MetricsPage worker() {
        return MetricsPage.ofWorker(JOB, "w1", job.metrics());
    }

    MetricsPage coordinator() {
        return MetricsPage.ofCoordinator(JOB, job::status, job.jobMetrics());
    }

    @Override
    public void close() {
        world.end();
    }
}
