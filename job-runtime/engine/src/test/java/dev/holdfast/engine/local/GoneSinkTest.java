package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import dev.holdfast.engine.env.simulated.SimulatedWorld;
import org.junit.jupiter.api.Test;

/** What the log has decided is committed sooner or later (I3), also when somebody takes the sink out of the program. */
class GoneSinkTest {
    private static final long MINUTE_NS = 60_000_000_000L;

    @Test
    void decidedTransactionsOfASinkThatIsGoneAreNotPassedOver() {
        SimulatedWorld world = new SimulatedWorld(7);
        MemoryObjectStore store = new MemoryObjectStore();
        LedgerSink.Ledger<Long> ledger = new LedgerSink.Ledger<>();
        SimulatedJob[] first = new SimulatedJob[1];
        ledger.committing = transaction -> first[0].process().kill();
        first[0] = start(world, "first", store, ledger, "old", new RestoreRequest.Latest());
        world.runUntil(() -> !first[0].process().isAlive(), MINUTE_NS);
        assertThat(first[0].process().isAlive())
                .as("killed at its first commit")
                .isFalse();
        ledger.committing = transaction -> {};

        SimulatedJob renamed = start(world, "second", store, ledger, "new", new RestoreRequest.Nothing());
        assertThat(world.runUntil(renamed::isOver, MINUTE_NS))
                .as("%s", world.trace())
                .isTrue();

        JobStatus status = renamed.job().status();
        assertThat(status.phase()).isEqualTo(JobStatus.Phase.FAILED);
        assertThat(status.message()).contains("HF-STA-025", "[old]", "stop it with a savepoint");
        world.end();
    }

    private static SimulatedJob start(
            SimulatedWorld world,
            String name,
            MemoryObjectStore store,
            LedgerSink.Ledger<Long> ledger,
            String sink,
            RestoreRequest restore) {
        return SimulatedJob.start(
                world, name, store, 2, () -> new Copy(ledger, sink), SimulatedJob.CHECKPOINTS, restore);
    }

    private record Copy(LedgerSink.Ledger<Long> ledger, String sink) implements StreamProgram {
        @Override
        public void define(StreamGraph graph, Parameters parameters) {
            graph.source("numbers", new NumberSource<>(Type.of(Long.class), 100_000, 100, n -> n))
                    .sink(sink, new LedgerSink<>(ledger));
        }
    }
}
