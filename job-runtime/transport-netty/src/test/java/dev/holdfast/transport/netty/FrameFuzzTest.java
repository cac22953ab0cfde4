package dev.holdfast.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.env.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/**
 * The decoder against damaged bytes: what it hands on is always a frame that was sent, and it never makes an array longer than the
 * longest frame.
 */
class FrameFuzzTest {
    private static final int STREAMS = 400_000;

    private final Random random = Seeds.random(FrameFuzzTest.class);
    private final CRC32C crc = new CRC32C();
    private int refused;

    @Test
    void whatIsHandedOnWasSent() {
        for (int i = 0; i < STREAMS; i++) {
            List<byte[]> sent = new ArrayList<>();
            ByteBuf stream = Unpooled.buffer(256);
            for (int f = random.nextInt(4); f >= 0; f--) {
                byte[] frame = new byte[random.nextInt(40)];
                random.nextBytes(frame);
                sent.add(frame);
                Wire.write(stream, crc, 1 + random.nextInt(2), frame.length, frame, 0, frame.length);
            }
            damage(stream);
            assertSent(decode(stream), sent);
        }
        assertThat(refused).isGreaterThan(STREAMS / 3);
    }

    @Test
    void randomBytesAreRefused() {
        for (int i = 0; i < STREAMS; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            if (random.nextBoolean() && bytes.length > 0) {
                bytes[0] = (byte) (1 + random.nextInt(3));
            }
            assertThat(decode(Unpooled.wrappedBuffer(bytes))).isEmpty();
        }
    }

    @Test
    void slicesOfBothLanesMayAlternate() throws PeerException {
        byte[] data = new byte[3 * Wire.SLICE_BYTES + 7];
        random.nextBytes(data);
        ByteBuf stream = Unpooled.buffer();
        for (int offset = 0; offset < data.length; offset += Wire.SLICE_BYTES) {
            int left = data.length - offset;
            Wire.write(stream, crc, Wire.DATA, left, data, offset, Math.min(left, Wire.SLICE_BYTES));
            Wire.write(stream, crc, Wire.CONTROL, 3, new byte[] {1, 2, 3}, 0, 3);
        }
        assertThat(decode(stream)).hasSize(5).last().isEqualTo(new byte[] {1, 2, 3});
    }

    /** One change, or none. */
    private void damage(ByteBuf stream) {
        int length = stream.readableBytes();
        int at = random.nextInt(length);
        switch (random.nextInt(7)) {
            case 0 -> stream.setByte(at, stream.getByte(at) ^ (1 << random.nextInt(8)));
            case 1 -> stream.writerIndex(at);
            case 2 -> stream.setByte(at, random.nextInt());
            case 3 -> {
                // A piece is repeated.
                byte[] piece = new byte[random.nextInt(length - at) + 1];
                stream.getBytes(at, piece);
                stream.writeBytes(piece);
            }
            case 4 -> {
                // A piece is left out.
                byte[] tail = new byte[length - at];
                stream.getBytes(at, tail);
                int skipped = random.nextInt(tail.length) + 1;
                stream.writerIndex(at);
                stream.writeBytes(tail, skipped, tail.length - skipped);
            }
            case 5 -> stream.setInt(1, random.nextInt());
            default -> {}
        }
    }

    /** Feeds it in pieces, as a socket would. */
    private List<byte[]> decode(ByteBuf stream) {
        List<byte[]> frames = new ArrayList<>();
        FrameDecoder decoder = new FrameDecoder();
        FrameDecoder.Sink sink = new FrameDecoder.Sink() {
            @Override
            public void frame(int kind, byte[] frame) {
                assertThat(frame.length).isLessThanOrEqualTo(Connection.MAX_FRAME_BYTES);
                frames.add(frame);
            }

            @Override
            public boolean wantsMore() {
                return true;
            }
        };
        try {
            while (stream.isReadable()) {
                decoder.read(stream.readSlice(1 + random.nextInt(stream.readableBytes())), sink);
            }
        } catch (PeerException damaged) {
            assertThat(damaged.code()).isEqualTo("HF-NET-020");
            refused++;
        }
        return frames;
    }

    /** Leaving out or repeating whole frames cannot be seen; everything else is refused at the latest with its frame. */
    private static void assertSent(List<byte[]> found, List<byte[]> sent) {
        for (byte[] frame : found) {
            assertThat(sent.stream().anyMatch(other -> Arrays.equals(frame, other)))
                    .isTrue();
        }
    }
}
