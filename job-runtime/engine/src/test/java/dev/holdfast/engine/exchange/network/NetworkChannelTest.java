package dev.holdfast.engine.exchange.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.env.Clock;
import dev.holdfast.engine.env.Connection;
import dev.holdfast.engine.exchange.Batch;
import dev.holdfast.engine.exchange.ChannelReader;
import dev.holdfast.engine.exchange.ChannelWriter;
import dev.holdfast.engine.exchange.Element;
import dev.holdfast.engine.type.TypeSerializer;
import dev.holdfast.engine.type.TypeSerializers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One channel between two workers, over a connection that carries frames when the test says so. */
class NetworkChannelTest {
    private static final long ATTEMPT = 7_000_003;
    private static final ChannelId ID = new ChannelId(3, 1, 200);
    private static final long READER = 1;
    private static final long WRITER = 2;

    record Order(String customer, long cents) {}

    private final Wire wire = new Wire();
    private final Peer reader = peer("reader");
    private final Peer writer = peer("writer");
    private final Clock clock = new TestClock();
    private final Exchange writing = new Exchange(ATTEMPT, clock, Map.of(READER, reader));
    private final Exchange reading = new Exchange(ATTEMPT, clock, Map.of(WRITER, writer));
    private long nowNs;

    @Test
    void keyedRecordsArriveWithTheirKeysAndHashes() {
        ChannelWriter out = writing.output(ID, READER, orders());
        ChannelReader in = reading.input(ID, WRITER, orders(), order -> ((Order) order).customer(), 1 << 20);
        Batch sent = Batch.keyed();
        for (int i = 0; i < Batch.CAPACITY; i++) {
            sent.add(new Order("customer " + i % 7, i), "customer " + i % 7, i * 31);
        }

        assertThat(out.offer(sent)).isTrue();
        deliver();

        Batch got = (Batch) in.poll();
        assertThat(got.size()).isEqualTo(sent.size());
        for (int i = 0; i < sent.size(); i++) {
            assertThat(got.value(i)).isEqualTo(sent.value(i));
            assertThat(got.keys()[i]).isEqualTo(sent.keys()[i]);
            assertThat(got.hashes()[i]).isEqualTo(sent.hashes()[i]);
        }
        assertThat(in.poll()).isNull();
    }

    @Test
    void recordsBarriersAndTheEndArriveInTheOrderInWhichTheyWereSent() {
        ChannelWriter out = writing.output(ID, READER, texts());
        ChannelReader in = reading.input(ID, WRITER, texts(), null, 1 << 20);

        out.offer(batch("a", "b"));
        out.offer(new Element.Barrier(41));
        out.offer(new Element.Probe(1_767_225_600_123L));
        out.offer(batch("c"));
        out.offer(new Element.Barrier(42));
        out.offer(new Element.EndOfInput());
        deliver();

        assertThat(all(in))
                .containsExactly(
                        List.of("a", "b"),
                        new Element.Barrier(41),
                        new Element.Probe(1_767_225_600_123L),
                        List.of("c"),
                        new Element.Barrier(42),
                        new Element.EndOfInput());
    }

    @Test
    void aRecordLargerThanAFrameArrivesWhole() {
        ChannelWriter out = writing.output(ID, READER, texts());
        ChannelReader in = reading.input(ID, WRITER, texts(), null, 1 << 20);
        String large = "x".repeat(3 * Connection.MAX_FRAME_BYTES + 12_345);

        out.offer(batch("before", large, "after"));
        deliver();

        List<Object> got = new ArrayList<>();
        all(in).forEach(element -> got.addAll((List<?>) element));
        assertThat(got).containsExactly("before", large, "after");
        assertThat(wire.longest).isLessThanOrEqualTo(Connection.MAX_FRAME_BYTES);
    }

    @Test
    void aRecordThatIsTooLargeIsAnErrorThatNamesItsSize() {
        ChannelWriter out = writing.output(ID, READER, bytes());

        Batch batch = Batch.plain();
        batch.add(new byte[NetworkOutput.MAX_RECORD_BYTES]);
        assertThatThrownBy(() -> out.offer(batch))
                .isInstanceOf(HoldfastException.class)
                .hasMessageStartingWith("HF-RUN-018: a record for another worker (edge 3 from subtask 1 to 200) has "
                        + (NetworkOutput.MAX_RECORD_BYTES + 4) + " bytes");
    }

    @Test
    void aWriterWithoutCreditIsRefusedUntilTheReaderHasRead() {
        ChannelWriter out = writing.output(ID, READER, bytes());
        ChannelReader in = reading.input(ID, WRITER, bytes(), null, 1 << 20);
        int taken = 0;
        while (out.offer(batch(new byte[10_000]))) {
            taken++;
            deliver();
            assertThat(taken).isLessThan(100);
        }

        // The window and at most one batch more.
        assertThat(taken).isEqualTo((int) (ReceiveWindow.MIN_BYTES / 10_000) + 1);
        assertThat(out.offer(batch("refused".getBytes()))).isFalse();

        assertThat(all(in)).hasSize(taken);
        deliver();
        assertThat(out.offer(batch(new byte[10_000]))).isTrue();
    }

    @Test
    void aBarrierNeedsNoCredit() {
        ChannelWriter out = writing.output(ID, READER, bytes());
        ChannelReader in = reading.input(ID, WRITER, bytes(), null, 1 << 20);
        while (out.offer(batch(new byte[10_000]))) {
            deliver();
        }

        assertThat(out.offer(new Element.Barrier(5))).isTrue();
        deliver();
        assertThat(out.offer(new Element.Probe(6))).isTrue();
        assertThat(out.otherWorker()).isPresent();
        assertThat(in.fill()).isBetween(0.99, 1.0);
        assertThat(all(in)).contains(new Element.Barrier(5));
        assertThat(in.fill()).isZero();
        deliver();
        assertThat(all(in)).containsExactly(new Element.Probe(6));
        assertThat(in.receivedBytes()).isEqualTo(out.sentBytes()).isGreaterThan(ReceiveWindow.MIN_BYTES);
    }

    @Test
    void framesOfAnotherAttemptAreDropped() {
        Exchange older = new Exchange(ATTEMPT - 1, clock, Map.of(READER, reader));
        ChannelWriter stale = older.output(ID, READER, texts());
        ChannelReader in = reading.input(ID, WRITER, texts(), null, 1 << 20);

        stale.offer(batch("of the attempt before"));
        deliver();

        assertThat(in.poll()).isNull();
    }

    @Test
    void recordsThatDoNotFitTheTypeAreAnErrorThatNamesTheChannel() {
        ChannelWriter out = writing.output(ID, READER, texts());
        ChannelReader in = reading.input(ID, WRITER, orders(), null, 1 << 20);

        out.offer(batch("no order"));
        deliver();

        assertThatThrownBy(in::poll)
                .isInstanceOf(HoldfastException.class)
                .hasMessageStartingWith("HF-RUN-019: a frame of ")
                .hasMessageContaining("from worker writer (edge 3 from subtask 1 to 200) cannot be read");
    }

    @Test
    void aFrameWithoutAChannelIsRefused() {
        ChannelWriter out = writing.output(ID, READER, texts());
        out.offer(batch("to nobody"));

        assertThatThrownBy(this::deliver)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no channel for edge 3 from subtask 1 to 200 in attempt " + ATTEMPT);
    }

    /** Frames from the writer go to the reader's exchange, and credits back, until none is left. */
    private void deliver() {
        for (Wire.Sent sent = wire.frames.poll(); sent != null; sent = wire.frames.poll()) {
            (sent.lane == Connection.Lane.DATA ? reading : writing).received(sent.frame);
        }
    }

    private static List<Object> all(ChannelReader in) {
        List<Object> all = new ArrayList<>();
        for (Element next = in.poll(); next != null; next = in.poll()) {
            if (next instanceof Batch batch) {
                List<Object> values = new ArrayList<>();
                for (int i = 0; i < batch.size(); i++) {
                    values.add(batch.value(i));
                }
                all.add(values);
            } else {
                all.add(next);
            }
        }
        return all;
    }

    private static Batch batch(Object... values) {
        Batch batch = Batch.plain();
        for (Object value : values) {
            batch.add(value);
        }
        return batch;
    }

    private Peer peer(String name) {
        Peer peer = new Peer(name);
        peer.connect(wire);
        return peer;
    }

    @SuppressWarnings("unchecked")
    private static TypeSerializer<Object> serializer(Class<?> type) {
        return (TypeSerializer<Object>) TypeSerializers.of(Type.of(type));
    }

    private static TypeSerializer<Object> texts() {
        return serializer(String.class);
    }

    private static TypeSerializer<Object> orders() {
        return serializer(Order.class);
    }

    private static TypeSerializer<Object> bytes() {
        return serializer(byte[].class);
    }

    private final class TestClock implements Clock {
        @Override
        public long nowNs() {
            return nowNs += 1_000_000;
        }

        @Override
        public long wallMs() {
            return 0;
        }
    }

    /** Keeps what is sent. */
    private static final class Wire implements Connection {
        private record Sent(Lane lane, byte[] frame) {}

        private final ArrayDeque<Sent> frames = new ArrayDeque<>();
        private int longest;

        @Override
        public boolean send(Lane lane, byte[] frame, int length) {
            longest = Math.max(longest, length);
            return frames.add(new Sent(lane, Arrays.copyOf(frame, length)));
        }

        @Override
        public long waitingDataBytes() {
            return 0;
        }

        @Override
        public String peer() {
            return "test";
        }

        @Override
        public void close(String reason) {}
    }
}
