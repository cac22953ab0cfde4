package dev.holdfast.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.env.RecordingHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole connections against peers that say something wrong: one line in the log, a closed channel, and nothing else. */
class ConnectionFuzzTest {
    private static final int CONNECTIONS = 125_000;

    private final Random random = Seeds.random(ConnectionFuzzTest.class);
    private final SecureRandom nonces = new SecureRandom();
    private final Tokens.Token token = new Tokens.Token(Secret.TOKEN);
    private final Tokens tokens = new Tokens(token, List.of(token));
    private final ManualClock clock = new ManualClock();
    private final PeerLog peerLog = new PeerLog(clock);
    private final Connections connections = new Connections(NetworkSettings.Limits.DEFAULT);
    private final CapturedLog log = new CapturedLog();

    @AfterEach
    void nothingIsLeft() {
        log.close();
        assertThat(connections.size()).isZero();
    }

    @Test
    void aServerGivesNothingToWhoDoesNotProveItself() {
        for (int i = 0; i < CONNECTIONS; i++) {
            RecordingHandler handler = new RecordingHandler();
            EmbeddedChannel channel = new EmbeddedChannel();
            NettyConnection connection = NettyConnection.accepted(
                    channel.eventLoop(), "peer", () -> handler, handshake(false), peerLog, connections);
            connections.addAccepted(connection);
            channel.pipeline().addLast(new ConnectionInbound(connection, false));
            channel.pipeline().fireChannelActive();

            byte[] said = wrongHello();
            feed(channel, said);
            assertThat(channel.outboundMessages()).isEmpty();
            endsWithOneLine(channel, said.length == 0 ? 0 : 1);
            assertThat(handler.isOpened() || handler.isClosed()).isFalse();
        }
    }

    @Test
    void aClientBelievesNobodyWhoDoesNotProveHimself() {
        for (int i = 0; i < CONNECTIONS; i++) {
            RecordingHandler handler = new RecordingHandler();
            EmbeddedChannel channel = new EmbeddedChannel();
            NettyConnection connection =
                    NettyConnection.opened(channel.eventLoop(), "peer", handler, handshake(true), peerLog, connections);
            connections.addOpened(connection);
            channel.pipeline().addLast(new ConnectionInbound(connection, false));
            channel.pipeline().fireChannelActive();
            release(channel);

            byte[] said = new byte[random.nextInt(100)];
            random.nextBytes(said);
            if (random.nextBoolean()) {
                byte[] preface = {'H', 'F', 'N', 'T', 0, 1, 1, 2};
                System.arraycopy(preface, 0, said, 0, Math.min(said.length, random.nextInt(9)));
            }
            feed(channel, said);
            assertThat(channel.outboundMessages()).isEmpty();
            channel.finishAndReleaseAll();
            log.clear();
            clock.pass(PeerLog.PERIOD_NS);
            assertThat(handler.isOpened()).isFalse();
            assertThat(handler.isClosed()).isTrue();
            assertThat(handler.wrong()).isEmpty();
        }
    }

    @Test
    void damagedFramesOfAProvedPeerEndItsConnection() {
        CRC32C crc = new CRC32C();
        for (int i = 0; i < CONNECTIONS / 5; i++) {
            RecordingHandler handler = new RecordingHandler();
            EmbeddedChannel channel = new EmbeddedChannel();
            NettyConnection connection = NettyConnection.accepted(
                    channel.eventLoop(), "peer", () -> handler, handshake(false), peerLog, connections);
            connections.addAccepted(connection);
            channel.pipeline().addLast(new ConnectionInbound(connection, false));
            channel.pipeline().fireChannelActive();
            prove(channel);
            assertThat(handler.isOpened()).isTrue();

            byte[] frame = new byte[random.nextInt(50)];
            ByteBuf wrong = Unpooled.buffer();
            Wire.write(wrong, crc, Wire.DATA, frame.length, frame, 0, frame.length);
            int at = random.nextInt(wrong.readableBytes());
            wrong.setByte(at, wrong.getByte(at) ^ (1 << random.nextInt(8)));
            byte[] said = new byte[wrong.readableBytes()];
            wrong.readBytes(said);
            feed(channel, said);
            channel.finishAndReleaseAll();
            assertThat(log.lines().size()).isLessThanOrEqualTo(1);
            log.clear();
            clock.pass(PeerLog.PERIOD_NS);
            assertThat(handler.received()).isZero();
            assertThat(handler.isClosed()).isTrue();
            assertThat(handler.wrong()).isEmpty();
        }
    }

    private Handshake handshake(boolean client) {
        return new Handshake(client, tokens, nonces);
    }

    private void prove(EmbeddedChannel channel) {
        Handshake client = handshake(true);
        channel.writeInbound(Unpooled.wrappedBuffer(client.begin()));
        ByteBuf welcome = channel.readOutbound();
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(client.read(welcome)));
        } catch (PeerException impossible) {
            throw new AssertionError(impossible);
        } finally {
            welcome.release();
        }
        channel.runPendingTasks();
    }

    /** Something that is no complete hello of this token. */
    private byte[] wrongHello() {
        byte[] hello = handshake(true).begin();
        switch (random.nextInt(6)) {
            case 0 -> {
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                return noise;
            }
            case 1 -> {
                return Arrays.copyOf(hello, random.nextInt(hello.length));
            }
            case 2 -> hello[random.nextInt(hello.length)] ^= (byte) (1 << random.nextInt(8));
            case 3 -> hello[4 + random.nextInt(2)] += (byte) (1 + random.nextInt(255));
            case 4 -> {
                Tokens.Token other = new Tokens.Token("another token " + random.nextLong());
                return new Handshake(true, new Tokens(other, List.of(other)), nonces).begin();
            }
            default -> {
                // A piece of it is repeated at the beginning.
                int piece = 1 + random.nextInt(hello.length - Tokens.PROOF_BYTES);
                byte[] longer = new byte[hello.length + piece];
                System.arraycopy(hello, 0, longer, 0, piece);
                System.arraycopy(hello, 0, longer, piece, hello.length);
                return longer;
            }
        }
        return hello;
    }

    private void feed(EmbeddedChannel channel, byte[] bytes) {
        int at = 0;
        while (at < bytes.length) {
            int count = 1 + random.nextInt(bytes.length - at);
            if (channel.isOpen()) {
                channel.writeInbound(Unpooled.copiedBuffer(bytes, at, count));
            }
            at += count;
        }
        channel.runPendingTasks();
    }

    private void endsWithOneLine(EmbeddedChannel channel, int lines) {
        channel.finishAndReleaseAll();
        assertThat(log.lines()).hasSize(lines);
        log.clear();
        clock.pass(PeerLog.PERIOD_NS);
    }

    private static void release(EmbeddedChannel channel) {
        ByteBuf out = channel.readOutbound();
        out.release();
    }
}
