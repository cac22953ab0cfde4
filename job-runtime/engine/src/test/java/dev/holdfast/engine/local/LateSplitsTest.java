package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.Output;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.connector.EnumeratorContext;
import dev.holdfast.api.connector.ReaderContext;
import dev.holdfast.api.connector.Source;
import dev.holdfast.api.connector.SourceReader;
import dev.holdfast.api.connector.SplitEnumerator;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import dev.holdfast.engine.env.simulated.SimulatedWorld;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A source that asks for a split all the time, before receivers that are often full: so checkpoints begin while the source has
 * to wait, and splits come between the beginning of a checkpoint and the source's part of it.
 */
class LateSplitsTest {
    private static final long MINUTE_NS = 60_000_000_000L;
    private static final int NUMBERS = 1_000;
    /** More than the rings between two slots hold. */
    private static final long COPIES = 3_000;

    private static final CheckpointSettings OFTEN =
            new CheckpointSettings(Duration.ofMillis(10), Duration.ofSeconds(5), Duration.ZERO, 1, 3, 2, true, false);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void splitThatComesWhileABarrierWaitsIsReadOnce(long seed) {
        SimulatedWorld world = new SimulatedWorld(seed);
        MemoryObjectStore store = new MemoryObjectStore();
        LedgerSink.Ledger<Long> ledger = new LedgerSink.Ledger<>();
        for (int kill = 1; kill <= 5; kill++) {
            SimulatedJob job = start(world, store, ledger, "killed-" + kill);
            world.runUntil(() -> job.job().status().completedCheckpoints() >= 1 || job.isOver(), MINUTE_NS);
            job.process().kill();
        }
        SimulatedJob last = start(world, store, ledger, "last");

        assertThat(world.runUntil(last::isOver, MINUTE_NS))
                .as("%s", world.trace())
                .isTrue();

        assertThat(last.job().status().phase()).isEqualTo(JobStatus.Phase.FINISHED);
        assertThat(last.job().status().restoredCheckpoint()).isPositive();
        assertThat(ledger.visible().stream().sorted())
                .containsExactlyElementsOf(LongStream.range(0, NUMBERS).boxed().toList());
        world.end();
    }

    private static SimulatedJob start(
            SimulatedWorld world, MemoryObjectStore store, LedgerSink.Ledger<Long> ledger, String name) {
        return SimulatedJob.start(world, name, store, 2, () -> new Copying(ledger), OFTEN, new RestoreRequest.Latest());
    }

    /** Makes copies of each number, spreads them over all tasks, and lets one of them through. */
    private record Copying(LedgerSink.Ledger<Long> ledger) implements StreamProgram {
        @Override
        public void define(StreamGraph graph, Parameters parameters) {
            graph.source("numbers", new Late(new NumberSource<>(Type.of(Long.class), NUMBERS, 1, n -> n)))
                    .flatMap(Long.class, (number, out) -> {
                        for (long copy = 0; copy < COPIES; copy++) {
                            out.emit(number * COPIES + copy);
                        }
                    })
                    .keyBy(Long.class, copy -> copy % 7)
                    .reduce("last", (earlier, later) -> later)
                    .filter(copy -> copy % COPIES == 0)
                    .map(Long.class, copy -> copy / COPIES)
                    .sink("ledger", new LedgerSink<>(ledger));
        }
    }

    /** Readers ask for their next split as soon as they have one, and get it a little later. */
    private record Late(NumberSource<Long> numbers)
            implements Source<Long, NumberSource.Range, NumberSource.Remaining> {
        private static final long LATER_MS = 1;

        @Override
        public Type<Long> type() {
            return numbers.type();
        }

        @Override
        public Type<NumberSource.Range> splitType() {
            return numbers.splitType();
        }

        @Override
        public Type<NumberSource.Remaining> enumeratorType() {
            return numbers.enumeratorType();
        }

        @Override
        public SplitEnumerator<NumberSource.Range, NumberSource.Remaining> enumerator(
                EnumeratorContext<NumberSource.Range> context, NumberSource.Remaining restored) {
            SplitEnumerator<NumberSource.Range, NumberSource.Remaining> prompt = numbers.enumerator(context, restored);
            return new SplitEnumerator<>() {
                @Override
                public void start() {}

                @Override
                public void splitRequested(int reader) {
                    context.schedule(LATER_MS, nothing -> prompt.splitRequested(reader));
                }

                @Override
                public void splitsReturned(List<NumberSource.Range> splits) throws Exception {
                    prompt.splitsReturned(splits);
                }

                @Override
                public NumberSource.Remaining snapshot(long checkpointId) throws Exception {
                    return prompt.snapshot(checkpointId);
                }
            };
        }

        @Override
        public SourceReader<Long, NumberSource.Range> reader(ReaderContext context) throws Exception {
            SourceReader<Long, NumberSource.Range> reader = numbers.reader(context);
            return new SourceReader<>() {
                @Override
                public void addSplits(List<NumberSource.Range> added) throws Exception {
                    reader.addSplits(added);
                    context.requestSplit();
                }

                @Override
                public void noMoreSplits() throws Exception {
                    reader.noMoreSplits();
                }

                @Override
                public Status read(Output<Long> out, int max) throws Exception {
                    return reader.read(out, max);
                }

                @Override
                public List<NumberSource.Range> snapshot(long checkpointId) throws Exception {
                    return reader.snapshot(checkpointId);
                }

                @Override
                public String position() {
                    return reader.position();
                }
            };
        }
    }
}
