package dev.holdfast.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.Emitter;
import dev.holdfast.api.Output;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.Process;
import dev.holdfast.api.connector.AtLeastOnceSink;
import dev.holdfast.api.connector.EnumeratorContext;
import dev.holdfast.api.connector.ReaderContext;
import dev.holdfast.api.connector.SinkContext;
import dev.holdfast.api.connector.Source;
import dev.holdfast.api.connector.SourceReader;
import dev.holdfast.api.connector.SplitEnumerator;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.checkpoint.CheckpointStore;
import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import dev.holdfast.engine.env.simulated.SimulatedProcess;
import dev.holdfast.engine.env.simulated.SimulatedWorld;
import dev.holdfast.engine.exchange.ChannelWriter;
import dev.holdfast.engine.exchange.Element;
import dev.holdfast.engine.operator.Program;
import dev.holdfast.engine.protocol.Placement;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.Timeouts;
import dev.holdfast.engine.state.LocalSegments;
import dev.holdfast.engine.state.MemorySortedStore;
import dev.holdfast.engine.state.SlotStateSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A slot that hears of a checkpoint after its barrier has come through a channel: other slots were faster. */
class LateTriggerTest {
    private static final TaskId TASK = new TaskId(1, 1);
    private static final Placement ALL_HERE =
            new Placement(List.of(new Placement.Member(0, "a", Optional.empty())), List.of(0, 0));

    private final List<String> heard = new ArrayList<>();

    @Test
    void aTaskTakesEachCheckpointOnceAlsoIfItIsTriggeredAfterItsBarrier() throws Exception {
        SimulatedWorld world = new SimulatedWorld(1);
        SimulatedProcess process = world.start("a", new MemoryObjectStore());
        Supplier<Program> programs = () -> Program.of(
                (graph, parameters) -> graph.source("source", new Unread())
                        .parallelism(1)
                        .process("p", Long.class, states ->
                                (Process<Long, Long>) (Long n, Emitter emitter, Output<Long> out) -> out.emit(n))
                        .sink("sink", new Ignoring()),
                Parameters.of(Map.of()),
                2,
                128);
        Program program = programs.get();
        Wiring wiring = Wiring.of(program.graph(), ALL_HERE, 0, null, 0);
        Slot[] slot = new Slot[1];
        process.env()
                .loops()
                .start(
                        "slot",
                        mailbox -> slot[0] = new Slot(process.env().clock(), mailbox, new Hearing()),
                        error -> {});
        SlotDeployment deployment = new SlotDeployment(
                process.env(),
                new CheckpointStore(process.env(), new JobRoot("n", "j", "1")),
                MemorySortedStore.factory(process.disk()),
                new SlotStateSettings("slot", 1 << 20),
                new LocalSegments(process.env().disk(), process.env().blocking()),
                new JobIdentity("j", "1", Parameters.of(Map.of())),
                programs,
                false,
                new MetricsRegistry(),
                new OpenCalls(process.env().clock()),
                Timeouts.DEFAULTS);
        slot[0].install(deployment.deploy(
                new SlotDeployment.Order(1, 1, null, null, wiring), slot[0].mailbox(), new Hearing()));
        slot[0].start();
        ChannelWriter channel = wiring.writers(
                        program.graph(), program.graph().outputs(0).getFirst(), 0)
                .get(1);

        channel.offer(new Element.Barrier(1));
        world.runUntil(() -> false, 10_000_000);
        slot[0].trigger(1);
        channel.offer(new Element.EndOfInput());
        world.runUntil(() -> false, 10_000_000);
        slot[0].trigger(2);
        world.runUntil(() -> false, 10_000_000);

        assertThat(heard).containsExactly("captured 1", "drained", "captured 2");
        world.end();
    }

    private final class Hearing implements TaskListener {
        @Override
        public void captured(TaskSnapshot snapshot) {
            heard.add("captured " + snapshot.checkpointId());
        }

        @Override
        public void declined(TaskId task, long checkpointId, Throwable error) {
            heard.add("declined " + checkpointId + ": " + error);
        }

        @Override
        public void committed(TaskId task, long checkpointId) {}

        @Override
        public void splitRequested(TaskId task) {}

        @Override
        public void drained(TaskId task) {
            assertThat(task).isEqualTo(TASK);
            heard.add("drained");
        }

        @Override
        public void failed(TaskId task, Throwable error) {
            heard.add("failed: " + error);
        }
    }

    private static final class Ignoring implements AtLeastOnceSink<Long> {
        @Override
        public Writer<Long> writer(SinkContext context) {
            return record -> {};
        }
    }

    private static final class Unread implements Source<Long, Long, Long> {
        @Override
        public Type<Long> type() {
            return Type.of(Long.class);
        }

        @Override
        public Type<Long> splitType() {
            return Type.of(Long.class);
        }

        @Override
        public Type<Long> enumeratorType() {
            return Type.of(Long.class);
        }

        @Override
        public SplitEnumerator<Long, Long> enumerator(EnumeratorContext<Long> context, Long restored) {
            throw new UnsupportedOperationException("this slot has no source");
        }

        @Override
        public SourceReader<Long, Long> reader(ReaderContext context) {
            throw new UnsupportedOperationException("this slot has no source");
        }
    }
}
