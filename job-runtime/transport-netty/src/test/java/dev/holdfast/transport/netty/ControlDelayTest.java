package dev.holdfast.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.env.Connection;
import dev.holdfast.engine.env.Connection.Lane;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.RecordingHandler;
import dev.holdfast.engine.env.host.HostClock;
import io.netty.buffer.Unpooled;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How many bytes of data stand before a control frame, counted by a peer that read nothing until the frame was sent. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ControlDelayTest {
    /** What the peer's own kernel holds; the smallest that Linux gives, so that nearly all that is counted is ours. */
    private static final int RECEIVE_BYTES = 4 << 10;

    private static final int MOST_BEFORE_CONTROL_BYTES = 256 << 10;

    @TempDir
    private Path directory;

    @Test
    void aControlFrameWaitsForAQuarterOfAMegabyteAtMost() throws Exception {
        for (int frameBytes : List.of(1_000, 32 << 10, Connection.MAX_FRAME_BYTES)) {
            assertThat(dataBefore(frameBytes))
                    .as("bytes before the control frame, in frames of " + frameBytes)
                    .isLessThanOrEqualTo(MOST_BEFORE_CONTROL_BYTES);
        }
    }

    private long dataBefore(int frameBytes) throws Exception {
        List<RecordingHandler> accepted = new CopyOnWriteArrayList<>();
        try (NettyTransport server = new NettyTransport(
                        NetworkSettings.of(new Endpoint("127.0.0.1", 0), Secret.file(directory)), new HostClock());
                Socket socket = new Socket()) {
            Endpoint endpoint = server.listen(() -> {
                RecordingHandler handler = new RecordingHandler();
                accepted.add(handler);
                return handler;
            });
            socket.setReceiveBufferSize(RECEIVE_BYTES);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), endpoint.port()));
            prove(socket);
            Waiting.until(() -> accepted.size() == 1 && accepted.getFirst().isOpened());
            Connection connection = accepted.getFirst().connection();
            byte[] frame = new byte[frameBytes];
            for (int sent = 0; sent < 4 * Connection.MAX_FRAME_BYTES; sent += frameBytes) {
                connection.send(Lane.DATA, frame, frameBytes);
            }
            untilNothingLeaves(connection);
            connection.send(Lane.CONTROL, new byte[1], 1);
            return countData(socket.getInputStream());
        }
    }

    private static void prove(Socket socket) throws Exception {
        Tokens.Token token = new Tokens.Token(Secret.TOKEN);
        Handshake handshake = new Handshake(true, new Tokens(token, List.of(token)), new SecureRandom());
        socket.getOutputStream().write(handshake.begin());
        byte[] welcome = socket.getInputStream().readNBytes(Handshake.MAX_MESSAGE_BYTES);
        socket.getOutputStream().write(handshake.read(Unpooled.wrappedBuffer(welcome)));
    }

    /** The kernel takes no more: the number has been the same for many looks. */
    private static void untilNothingLeaves(Connection connection) {
        long[] last = {-1, 0};
        Waiting.until(() -> {
            long waiting = connection.waitingDataBytes();
            last[1] = waiting == last[0] ? last[1] + 1 : 0;
            last[0] = waiting;
            return last[1] > 1_000;
        });
    }

    private static long countData(InputStream in) throws Exception {
        long data = 0;
        while (true) {
            byte[] header = in.readNBytes(Wire.HEADER_BYTES);
            if (header[0] == Wire.CONTROL) {
                return data;
            }
            int left = Unpooled.wrappedBuffer(header).getInt(1);
            data += in.readNBytes(Math.min(left, Wire.SLICE_BYTES)).length;
        }
    }
}
