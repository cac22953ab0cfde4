package dev.holdfast.engine.env.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.env.Connection;
import dev.holdfast.engine.env.Connection.Lane;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.RecordingHandler;
import dev.holdfast.engine.env.Transport;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import dev.holdfast.engine.env.simulated.SimulatedNetwork.Direction;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The faults of the simulated network. */
class SimulatedNetworkTest {
    private static final long SECOND_NS = 1_000_000_000;

    private final SimulatedWorld world = new SimulatedWorld(3);
    private final SimulatedNetwork network = new SimulatedNetwork(world);
    private final SimulatedProcess a = world.start("a", new MemoryObjectStore());
    private final SimulatedProcess b = world.start("b", new MemoryObjectStore());
    private final RecordingHandler atA = new RecordingHandler();
    private final RecordingHandler atB = new RecordingHandler();
    private final Transport transportOfA = network.transport(a);
    private final Transport transportOfB = network.transport(b);
    private final Endpoint endpointOfB = transportOfB.listen(() -> atB);

    @AfterEach
    void endWorld() {
        world.end();
        assertThat(atA.wrong()).isEmpty();
        assertThat(atB.wrong()).isEmpty();
    }

    @Test
    void aCutClosesBothSidesAndANewConnectionOpens() {
        open();
        network.cut("a", "b");

        assertThat(world.runUntil(() -> atA.isClosed() && atB.isClosed(), SECOND_NS))
                .isTrue();
        RecordingHandler again = new RecordingHandler();
        Transport third = network.transport(world.start("c", new MemoryObjectStore()));
        Endpoint endpoint = third.listen(RecordingHandler::new);
        transportOfA.connect(endpoint, again);
        assertThat(world.runUntil(again::isOpened, SECOND_NS)).isTrue();
    }

    @Test
    void framesUnderWayAreLostByACut() {
        open();
        network.delay("a", "b", SECOND_NS);
        send(atA, 100);
        world.runUntil(() -> false, SECOND_NS / 10);
        network.cut("a", "b");

        assertThat(world.runUntil(() -> atA.isClosed() && atB.isClosed(), 5 * SECOND_NS))
                .isTrue();
        assertThat(atB.received()).isZero();
    }

    @Test
    void aPartitionInOneDirectionHoldsFramesUntilItIsHealed() {
        open();
        network.partition("a", "b", Direction.FORTH);
        send(atA, 10);
        send(atB, 10);

        assertThat(world.runUntil(() -> atA.received() == 10, SECOND_NS)).isTrue();
        assertThat(world.runUntil(() -> atB.received() > 0, 60 * SECOND_NS)).isFalse();
        assertThat(atA.isClosed() || atB.isClosed()).isFalse();

        network.heal("a", "b");
        assertThat(world.runUntil(() -> atB.received() == 10, SECOND_NS)).isTrue();
        assertThat(numbers(atB)).isSorted();
    }

    @Test
    void whereNothingComesBackTheWindowFills() {
        open();
        network.partition("a", "b", Direction.BACK);
        for (int i = 0; i < 100; i++) {
            atA.connection().send(Lane.DATA, new byte[100_000], 100_000);
        }

        world.runUntil(() -> false, 10 * SECOND_NS);
        assertThat(atB.received()).isBetween(1, 20);
        assertThat(atA.connection().waitingDataBytes()).isGreaterThan(5_000_000);
        network.heal("a", "b");
        assertThat(world.runUntil(() -> atB.received() == 100, SECOND_NS)).isTrue();
    }

    @Test
    void aPartitionHidesTheNewsOfAKill() {
        open();
        network.partition("a", "b", Direction.BACK);
        b.kill();

        assertThat(world.runUntil(atA::isClosed, 60 * SECOND_NS)).isFalse();
        network.heal("a", "b");
        assertThat(world.runUntil(atA::isClosed, SECOND_NS)).isTrue();
        assertThat(atB.isClosed()).isFalse();
    }

    @Test
    void aKilledPeerIsHeardOfAfterAWhile() {
        open();
        b.kill();

        assertThat(atA.isClosed()).isFalse();
        assertThat(world.runUntil(atA::isClosed, SECOND_NS)).isTrue();
        RecordingHandler again = new RecordingHandler();
        transportOfA.connect(endpointOfB, again);
        assertThat(world.runUntil(again::isClosed, 10 * SECOND_NS)).isTrue();
        assertThat(again.isOpened()).isFalse();
    }

    @Test
    void aFrameThatWasHalfWrittenNeverArrives() {
        open();
        network.slow("a", "b", 1_000_000);
        atA.connection().send(Lane.DATA, new byte[500_000], 500_000);
        world.runUntil(() -> false, SECOND_NS / 4);
        a.kill();

        assertThat(world.runUntil(atB::isClosed, 5 * SECOND_NS)).isTrue();
        assertThat(atB.received()).isZero();
        assertThat(atB.closedReason()).contains("in the middle of a frame");
    }

    @Test
    void aFrozenPeerKeepsItsConnectionsAndGetsAllLater() {
        open();
        b.freeze();
        send(atA, 100);

        assertThat(world.runUntil(() -> atB.received() > 0 || atA.isClosed(), 60 * SECOND_NS))
                .isFalse();
        b.wake();
        assertThat(world.runUntil(() -> atB.received() == 100, SECOND_NS)).isTrue();
        assertThat(numbers(atB)).isSorted();
    }

    @Test
    void aSlowLinkTakesItsTime() {
        open();
        network.slow("a", "b", 1_000_000);
        long startNs = world.nowNs();
        for (int i = 0; i < 20; i++) {
            atA.connection().send(Lane.DATA, new byte[100_000], 100_000);
        }

        assertThat(world.runUntil(() -> atB.received() == 20, 10 * SECOND_NS)).isTrue();
        assertThat(world.nowNs() - startNs).isBetween(2 * SECOND_NS, 5 * SECOND_NS / 2);
    }

    @Test
    void connectingThroughAPartitionSucceedsIfItHealsInTime() {
        network.partition("a", "b", Direction.BOTH);
        transportOfA.connect(endpointOfB, atA);
        world.runUntil(() -> false, 2 * SECOND_NS);
        network.heal("a", "b");

        assertThat(world.runUntil(() -> atA.isOpened() && atB.isOpened(), 3 * SECOND_NS))
                .isTrue();
    }

    @Test
    void connectingThroughAPartitionTimesOut() {
        network.partition("a", "b", Direction.FORTH);
        transportOfA.connect(endpointOfB, atA);

        assertThat(world.runUntil(atA::isClosed, 6 * SECOND_NS)).isTrue();
        assertThat(atA.closedReason()).contains("within");
    }

    @Test
    void anUnknownNameIsNoPeer() {
        transportOfA.connect(new Endpoint("nowhere", 1), atA);

        assertThat(world.runUntil(atA::isClosed, SECOND_NS)).isTrue();
        assertThat(atA.closedReason()).contains("not known");
    }

    @Test
    void aNewProcessTakesOverNameAndPort() {
        open();
        b.kill();
        RecordingHandler atNext = new RecordingHandler();
        network.transport(world.start("b", new MemoryObjectStore()), endpointOfB)
                .listen(() -> atNext);
        world.runUntil(atA::isClosed, SECOND_NS);
        RecordingHandler again = new RecordingHandler();
        transportOfA.connect(endpointOfB, again);

        assertThat(world.runUntil(() -> again.isOpened() && atNext.isOpened(), SECOND_NS))
                .isTrue();
    }

    @Test
    void framesOfTwoConnectionsOvertakeEachOther() {
        List<Integer> order = new ArrayList<>();
        List<RecordingHandler> senders = new ArrayList<>();
        Endpoint endpoint = network.transport(world.start("c", new MemoryObjectStore()))
                .listen(() -> new RecordingHandler()
                        .onFrame(frame ->
                                order.add(ByteBuffer.wrap(frame.bytes()).getInt())));
        for (int i = 0; i < 2; i++) {
            RecordingHandler sender = new RecordingHandler();
            senders.add(sender);
            transportOfA.connect(endpoint, sender);
        }
        world.runUntil(() -> senders.stream().allMatch(RecordingHandler::isOpened), SECOND_NS);
        for (int i = 0; i < 100; i++) {
            RecordingHandler sender = senders.get(i % 2);
            sender.connection().send(Lane.DATA, number(i), 4);
            world.runUntil(() -> false, 50_000);
        }

        assertThat(world.runUntil(() -> order.size() == 100, SECOND_NS)).isTrue();
        assertThat(order).isNotEqualTo(order.stream().sorted().toList());
        assertThat(order.stream().filter(n -> n % 2 == 0)).isSorted();
        assertThat(order.stream().filter(n -> n % 2 == 1)).isSorted();
    }

    private void open() {
        Connection connection = transportOfA.connect(endpointOfB, atA);
        assertThat(world.runUntil(() -> atA.isOpened() && atB.isOpened(), SECOND_NS))
                .isTrue();
        assertThat(atA.connection()).isSameAs(connection);
    }

    private static void send(RecordingHandler from, int frames) {
        for (int i = 0; i < frames; i++) {
            from.connection().send(Lane.DATA, number(i), 4);
        }
    }

    private static List<Integer> numbers(RecordingHandler handler) {
        return handler.frames().stream()
                .map(frame -> ByteBuffer.wrap(frame.bytes()).getInt())
                .toList();
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }
}
