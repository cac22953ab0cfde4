package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.OperatorContext;
import dev.holdfast.api.Output;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.connector.AtLeastOnceSink;
import dev.holdfast.api.connector.SinkContext;
import dev.holdfast.api.state.States;
import dev.holdfast.api.state.ValueState;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.JobSettings;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.coordinator.RestartStrategy;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.host.HostEnv;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import dev.holdfast.engine.protocol.Timeouts;
import dev.holdfast.engine.state.rocksdb.RocksSortedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hundred restarts of a job on real threads, with RocksDB on a real disk: nothing of them is left. */
class ManyRestartsTest {
    private static final int RESTARTS = 100;
    private static final long RECORDS = 300_000;
    private static final long PATIENCE_MS = 10_000;

    private final AtomicInteger failures = new AtomicInteger(RESTARTS);
    private final AtomicInteger openWriters = new AtomicInteger();
    private final AtomicLong written = new AtomicLong();

    @TempDir
    Path directory;

    @Test
    @Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void noThreadFileOrWriterIsLeft() throws Exception {
        Env env = HostEnv.of(directory, new MemoryObjectStore());
        JobSettings job = new JobSettings(
                SimulatedJob.ROOT,
                "many",
                JobSetup.every(20),
                new RestartStrategy.FixedDelay(2 * RESTARTS, Duration.ofMillis(1)),
                2,
                new RestoreRequest.Latest(),
                "",
                false,
                Timeouts.DEFAULTS);
        LocalSettings settings = new LocalSettings(
                "many", Parameters.of(Map.of()), 128, 16 << 20, RocksSortedStore.factory(env.disk()), job);

        CountDownLatch over = new CountDownLatch(1);
        AtomicLong mostThreads = new AtomicLong();
        LocalJob running = LocalJob.start(env, settings, () -> this::define, status -> {
            mostThreads.accumulateAndGet(threads("slot-").count(), Math::max);
            if (status.phase().isFinal()) {
                over.countDown();
            }
        });
        over.await();

        assertThat(mostThreads.get()).as("threads of slots").isBetween(1L, 4L);
        assertThat(running.status().phase()).as("%s", running.status()).isEqualTo(JobStatus.Phase.FINISHED);
        assertThat(running.status().restarts()).isEqualTo(RESTARTS);
        assertThat(written.get()).isGreaterThanOrEqualTo(RECORDS);
        assertThat(openWriters.get()).isZero();
        for (Thread thread : threads("slot-", "worker", "coordinator").toList()) {
            thread.join(PATIENCE_MS);
        }
        assertThat(threads("slot-", "worker", "coordinator")).isEmpty();
        assertThat(left()).isEmpty();
        assertThat(threads("holdfast-work").count())
                .as("idle threads for long work, which end by themselves")
                .isLessThan(20);
    }

    private void define(StreamGraph graph, Parameters parameters) {
        graph.source("numbers", new NumberSource<>(Type.of(Long.class), RECORDS, 1_000, n -> n))
                .keyBy(Long.class, n -> n % 1_000)
                .process("count", Long.class, Failing::new)
                .sink("sink", new Counted());
    }

    /** Files of attempts; segments of checkpoints stay for the next process. */
    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(file -> directory.relativize(file).toString())
                    .filter(file -> !file.isEmpty() && !file.startsWith("kept") && !file.equals("prepared"))
                    .filter(file -> !file.matches("slot-\\d+"))
                    .toList();
        }
    }

    private static Stream<Thread> threads(String... prefixes) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> Stream.of(prefixes).anyMatch(thread.getName()::startsWith));
    }

    private final class Failing implements KeyedProcess<Long, Long, Long> {
        private final ValueState<Long> count;
        private boolean first;
        private int seen;

        Failing(States states) {
            count = states.value("count", Long.class, 0L);
        }

        @Override
        public void open(OperatorContext context) {
            first = context.index() == 0;
        }

        @Override
        public void process(Long value, Context<Long> context, Output<Long> out) {
            if (first && ++seen == 500 && failures.getAndDecrement() > 0) {
                throw new IllegalStateException("planned");
            }
            count.set(count.get() + 1);
            out.emit(value);
        }
    }

    private final class Counted implements AtLeastOnceSink<Long> {
        @Override
        public Writer<Long> writer(SinkContext context) {
            openWriters.incrementAndGet();
            return new Writer<>() {
                @Override
                public void write(Long value) {
                    written.incrementAndGet();
                }

                @Override
                public void close() {
                    openWriters.decrementAndGet();
                }
            };
        }
    }
}
