package dev.holdfast.engine.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Connection.Lane;
import dev.holdfast.engine.env.RecordingHandler.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What {@link Transport} promises. Each implementation extends this class. Nothing here waits by itself: {@link #await} lets time pass,
 * real or virtual.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class TransportConformance {
    /** A process whose connect time-out is short, if it is a setting. */
    protected static final String HASTY = "hasty";

    private static final long SOON_MS = 30_000;
    private static final int FRAME_BYTES = 256 << 10;

    /** More than any socket buffers hold. */
    private static final int MANY_FRAMES = 128;

    protected final List<RecordingHandler> accepted = new CopyOnWriteArrayList<>();
    private final List<RecordingHandler> made = new CopyOnWriteArrayList<>();
    protected Transport server;
    protected Transport client;
    protected Endpoint address;

    /** The transport of a new process that is to be reached under this name. */
    protected abstract Transport open(String process) throws Exception;

    /** Lets time pass until something holds; false if the time is over before. */
    protected abstract boolean await(BooleanSupplier condition, long limitMs);

    /** The process runs none of its handlers until {@link #goOn}. */
    protected abstract void stall(String process);

    protected abstract void goOn(String process);

    /** Where nobody listens. */
    protected abstract Endpoint nobody() throws Exception;

    /** Where a connection is taken and nothing is ever answered. */
    protected abstract Endpoint silent() throws Exception;

    /** The end of a test, when its transports are closed. */
    protected abstract void end() throws Exception;

    @BeforeEach
    final void openTransports() throws Exception {
        server = open("server");
        client = open("client");
        address = server.listen(() -> acceptedHandler(new RecordingHandler()));
    }

    @AfterEach
    final void closeTransports() throws Exception {
        client.close();
        server.close();
        for (RecordingHandler handler : made) {
            assertThat(handler.wrong()).isEmpty();
        }
        for (RecordingHandler handler : made) {
            assertThat(handler.isClosed()).as("closed was called").isTrue();
        }
        end();
    }

    @Test
    void deliversFramesBothWays() {
        Pair pair = connect();

        pair.here.connection().send(Lane.DATA, bytes("data"), 4);
        pair.there.connection().send(Lane.CONTROL, bytes("answer, cut"), 6);

        awaitTrue(() -> pair.there.received() == 1 && pair.here.received() == 1);
        assertThat(pair.there.frames(Lane.DATA)).containsExactly(bytes("data"));
        assertThat(pair.here.frames(Lane.CONTROL)).containsExactly(bytes("answer"));
    }

    @Test
    void whatIsSentBeforeItIsOpenWaits() {
        RecordingHandler here = handler();
        Connection connection = client.connect(address, here);
        assertThat(connection.send(Lane.CONTROL, bytes("early"), 5)).isTrue();

        awaitTrue(() -> accepted.size() == 1 && accepted.getFirst().received() == 1);
        assertThat(accepted.getFirst().frames(Lane.CONTROL)).containsExactly(bytes("early"));
        assertThat(here.connection()).isSameAs(connection);
    }

    @Test
    void framesOfALaneKeepTheirOrder() {
        Pair pair = connect();
        for (int i = 0; i < 10_000; i++) {
            pair.here.connection().send(i % 3 == 0 ? Lane.CONTROL : Lane.DATA, number(i), 4);
        }

        awaitTrue(() -> pair.there.received() == 10_000);
        for (Lane lane : Lane.values()) {
            assertThat(pair.there.frames(lane).stream().map(TransportConformance::number))
                    .isSorted();
        }
    }

    @Test
    void controlOvertakesDataThatWaits() {
        Pair pair = connect();
        stall("server");
        for (int i = 0; i < MANY_FRAMES; i++) {
            pair.here.connection().send(Lane.DATA, filled(FRAME_BYTES, i), FRAME_BYTES);
        }
        letBuffersFill(pair.here.connection());
        pair.here.connection().send(Lane.CONTROL, bytes("first"), 5);
        goOn("server");

        awaitTrue(() -> pair.there.received() == MANY_FRAMES + 1);
        List<Frame> frames = pair.there.frames();
        int position = 0;
        while (frames.get(position).lane() == Lane.DATA) {
            position++;
        }
        assertThat(position).as("data frames before the control frame").isLessThan(MANY_FRAMES * 2 / 3);
        awaitTrue(() -> pair.here.connection().waitingDataBytes() == 0);
    }

    @Test
    void framesOfAllLengthsArriveWhole() {
        Pair pair = connect();
        int[] lengths = {0, 1, 8, 9, 255, 65_535, 65_536, 65_537, 131_072, 131_073, Connection.MAX_FRAME_BYTES};
        for (int length : lengths) {
            pair.here.connection().send(Lane.DATA, filled(length, length), length);
            pair.here.connection().send(Lane.CONTROL, filled(length, length + 1), length);
        }

        awaitTrue(() -> pair.there.received() == 2 * lengths.length);
        for (int i = 0; i < lengths.length; i++) {
            assertThat(pair.there.frames(Lane.DATA).get(i)).isEqualTo(filled(lengths[i], lengths[i]));
            assertThat(pair.there.frames(Lane.CONTROL).get(i)).isEqualTo(filled(lengths[i], lengths[i] + 1));
        }
    }

    @Test
    void tooLongFramesAreRefusedAndHarmNothing() {
        Pair pair = connect();
        int length = Connection.MAX_FRAME_BYTES + 1;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> pair.here.connection().send(Lane.DATA, new byte[length], length));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pair.here.connection().send(Lane.DATA, new byte[3], 4));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pair.here.connection().send(Lane.CONTROL, new byte[3], -1));

        pair.here.connection().send(Lane.DATA, bytes("next"), 4);
        awaitTrue(() -> pair.there.received() == 1);
    }

    @Test
    void muchDataBothWaysAtOnceArrives() {
        Pair pair = connect();
        for (int i = 0; i < MANY_FRAMES; i++) {
            pair.here.connection().send(Lane.DATA, filled(FRAME_BYTES, i), FRAME_BYTES);
            pair.there.connection().send(Lane.DATA, filled(FRAME_BYTES, -i), FRAME_BYTES);
        }

        awaitTrue(() -> pair.there.received() == MANY_FRAMES && pair.here.received() == MANY_FRAMES);
        for (int i = 0; i < MANY_FRAMES; i++) {
            assertThat(pair.there.frames().get(i).bytes()).isEqualTo(filled(FRAME_BYTES, i));
            assertThat(pair.here.frames().get(i).bytes()).isEqualTo(filled(FRAME_BYTES, -i));
        }
        assertThat(pair.here.connection().waitingDataBytes()).isZero();
    }

    @Test
    void dataThatThePeerDoesNotReadIsCounted() {
        Pair pair = connect();
        stall("server");
        long sent = 0;
        for (int i = 0; i < MANY_FRAMES; i++) {
            pair.here.connection().send(Lane.DATA, filled(FRAME_BYTES, i), FRAME_BYTES);
            sent += FRAME_BYTES;
        }
        letBuffersFill(pair.here.connection());

        assertThat(pair.here.connection().waitingDataBytes()).isBetween(sent / 3, sent);
        goOn("server");
        awaitTrue(() -> pair.here.connection().waitingDataBytes() == 0);
        awaitTrue(() -> pair.there.received() == MANY_FRAMES);
    }

    @Test
    void aPeerThatLeavesControlFramesUnreadIsClosed() {
        Pair pair = connect();
        stall("server");
        byte[] frame = filled(Connection.MAX_FRAME_BYTES, 7);
        long sent = 0;
        while (pair.here.connection().send(Lane.CONTROL, frame, frame.length)) {
            sent += frame.length;
            assertThat(sent).isLessThan(2 * Connection.MAX_WAITING_CONTROL_BYTES);
        }

        awaitTrue(pair.here::isClosed);
        assertThat(sent).isGreaterThanOrEqualTo(Connection.MAX_WAITING_CONTROL_BYTES - frame.length);
        assertThat(pair.here.closedReason()).contains("unread");
        goOn("server");
        awaitTrue(pair.there::isClosed);
    }

    @Test
    void closeFlushesControlAndTellsBothSides() {
        Pair pair = connect();
        for (int i = 0; i < 100; i++) {
            pair.here.connection().send(Lane.CONTROL, filled(10_000, i), 10_000);
        }
        pair.here.connection().close("the job is finished");

        assertThat(pair.here.connection().send(Lane.CONTROL, bytes("late"), 4)).isFalse();
        awaitTrue(() -> pair.here.isClosed() && pair.there.isClosed());
        assertThat(pair.there.received()).isEqualTo(100);
        assertThat(pair.here.closedReason()).isEqualTo("the job is finished");
        assertThat(pair.there.closedReason()).contains("closed by the peer").contains("the job is finished");
        assertThat(pair.here.connection().waitingDataBytes()).isZero();
    }

    @Test
    void closeWhileDataIsSentDoesNotWaitForIt() {
        Pair pair = connect();
        stall("server");
        for (int i = 0; i < MANY_FRAMES; i++) {
            pair.here.connection().send(Lane.DATA, filled(FRAME_BYTES, i), FRAME_BYTES);
        }
        pair.here.connection().close("enough");

        assertThat(await(pair.here::isClosed, 5_000))
                .as("closed within seconds")
                .isTrue();
        goOn("server");
        awaitTrue(pair.there::isClosed);
        assertThat(pair.there.received()).isLessThan(MANY_FRAMES);
        for (int i = 0; i < pair.there.received(); i++) {
            assertThat(pair.there.frames().get(i).bytes()).isEqualTo(filled(FRAME_BYTES, i));
        }
    }

    @Test
    void bothSidesMayCloseAtOnce() {
        Pair pair = connect();
        pair.here.connection().close("one");
        pair.there.connection().close("two");
        pair.there.connection().close("three");

        awaitTrue(() -> pair.here.isClosed() && pair.there.isClosed());
        assertThat(pair.here.closedReason()).isIn("one", "closed by the peer: two");
        assertThat(pair.there.closedReason()).isIn("two", "closed by the peer: one");
    }

    @Test
    void aHandlerMayCloseItsConnection() {
        RecordingHandler here = handler().onOpened(connection -> connection.close("not wanted"));
        client.connect(address, here);

        awaitTrue(here::isClosed);
        assertThat(here.closedReason()).isEqualTo("not wanted");
        awaitTrue(() -> accepted.stream().allMatch(RecordingHandler::isClosed));
    }

    @Test
    void nothingIsReceivedAfterAHandlerClosed() {
        Pair pair = connect();
        pair.there.onFrame(frame -> pair.there.connection().close("one is enough"));
        for (int i = 0; i < 1000; i++) {
            pair.here.connection().send(Lane.CONTROL, number(i), 4);
        }

        awaitTrue(() -> pair.there.isClosed() && pair.here.isClosed());
        assertThat(pair.there.received()).isEqualTo(1);
    }

    @Test
    void aHandlerThatThrowsClosesItsConnectionAlone() {
        Pair good = connect();
        Pair bad = connect();
        bad.there.onFrame(frame -> {
            throw new IllegalStateException("expected by the test");
        });
        bad.here.connection().send(Lane.DATA, bytes("x"), 1);

        awaitTrue(() -> bad.there.isClosed() && bad.here.isClosed());
        assertThat(bad.there.closedReason()).contains("expected by the test");
        good.here.connection().send(Lane.DATA, bytes("y"), 1);
        awaitTrue(() -> good.there.received() == 1);
        assertThat(good.here.isClosed()).isFalse();
    }

    @Test
    void handlersThatThrowAtTheirFirstAndLastCallHarmNothing() {
        RecordingHandler here = handler()
                .onOpened(c -> {
                    throw new IllegalStateException("expected by the test");
                })
                .onClosed(reason -> {
                    throw new IllegalStateException("expected by the test too");
                });
        client.connect(address, here);

        awaitTrue(here::isClosed);
        connect();
    }

    @Test
    void whereNobodyListensTheConnectionIsRefused() throws Exception {
        RecordingHandler here = handler();
        client.connect(nobody(), here);

        awaitTrue(here::isClosed);
        assertThat(here.isOpened()).isFalse();
        assertThat(here.closedReason()).containsIgnoringCase("refused");
    }

    @Test
    void aPeerThatNeverAnswersTimesOut() throws Exception {
        RecordingHandler here = handler();
        try (Transport hasty = open(HASTY)) {
            Connection connection = hasty.connect(silent(), here);

            awaitTrue(here::isClosed);
            assertThat(here.isOpened()).isFalse();
            assertThat(here.closedReason()).contains("within");
            assertThat(connection.send(Lane.CONTROL, bytes("x"), 1)).isFalse();
        }
    }

    @Test
    void aConnectionMayBeClosedBeforeItIsOpen() throws Exception {
        RecordingHandler here = handler();
        client.connect(silent(), here).close("changed my mind");

        awaitTrue(here::isClosed);
        assertThat(here.closedReason()).isEqualTo("changed my mind");
    }

    @Test
    void manyConnectionsAtOnce() {
        List<RecordingHandler> handlers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            RecordingHandler here = handler();
            handlers.add(here);
            client.connect(address, here).send(Lane.DATA, number(i), 4);
        }

        awaitTrue(() -> accepted.size() == 100 && accepted.stream().allMatch(h -> h.received() == 1));
        assertThat(accepted.stream().map(h -> number(h.frames().getFirst().bytes())))
                .doesNotHaveDuplicates();
        assertThat(handlers).allMatch(RecordingHandler::isOpened);
    }

    @Test
    void closingATransportClosesItsConnectionsAndItsPort() {
        Pair one = connect();
        Pair two = connect();
        server.close();

        assertThat(one.there.isClosed()).isTrue();
        assertThat(two.there.isClosed()).isTrue();
        awaitTrue(() -> one.here.isClosed() && two.here.isClosed());
        RecordingHandler here = handler();
        client.connect(address, here);
        awaitTrue(here::isClosed);
        assertThat(here.closedReason()).containsIgnoringCase("refused");
    }

    @Test
    void aClosedTransportOpensNothing() {
        client.close();
        RecordingHandler here = handler();
        Connection connection = client.connect(address, here);

        awaitTrue(here::isClosed);
        assertThat(connection.send(Lane.DATA, bytes("x"), 1)).isFalse();
        client.close();
    }

    @Test
    void oneAddressIsForOneListener() throws Exception {
        assertThatThrownBy(() -> server.listen(RecordingHandler::new)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> listenAt(address))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo("HF-NET-001"));
    }

    /** Opens one more transport that shall listen at an address that is taken, and closes it. */
    protected abstract void listenAt(Endpoint taken) throws Exception;

    /** Both sides of a connection. */
    protected record Pair(RecordingHandler here, RecordingHandler there) {}

    /** Opens a connection from client to server. */
    protected final Pair connect() {
        int before = accepted.size();
        RecordingHandler here = handler();
        client.connect(address, here);
        awaitTrue(() -> here.isOpened()
                && accepted.size() == before + 1
                && accepted.getLast().isOpened());
        return new Pair(here, accepted.getLast());
    }

    /** A handler that is checked at the end of the test. */
    protected final RecordingHandler handler() {
        RecordingHandler handler = new RecordingHandler();
        made.add(handler);
        return handler;
    }

    protected final void awaitTrue(BooleanSupplier condition) {
        assertThat(await(condition, SOON_MS)).as("within " + SOON_MS + " ms").isTrue();
    }

    /** Waits until nothing more leaves. */
    private void letBuffersFill(Connection connection) {
        long[] last = {Long.MAX_VALUE};
        while (true) {
            long before = connection.waitingDataBytes();
            boolean moved = await(() -> connection.waitingDataBytes() < before, 300);
            if (!moved && last[0] == before) {
                return;
            }
            last[0] = before;
        }
    }

    private RecordingHandler acceptedHandler(RecordingHandler handler) {
        made.add(handler);
        accepted.add(handler);
        return handler;
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    protected static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    protected static int number(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getInt();
    }

    /** Bytes that differ from seed to seed. */
    protected static byte[] filled(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
