package dev.holdfast.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.env.Connection.Lane;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.RecordingHandler;
import dev.holdfast.engine.env.host.HostClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What close leaves: nothing. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CloseTest {
    @TempDir
    private Path directory;

    @Test
    void leavesNoThreadNoSocketAndNoBuffer() throws Exception {
        assertThat(threads()).isEmpty();
        long socketsBefore = sockets();
        for (int round = 0; round < 3; round++) {
            NettyTransport server = open();
            NettyTransport client = open();
            Endpoint endpoint = server.listen(RecordingHandler::new);
            List<RecordingHandler> handlers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                RecordingHandler handler = new RecordingHandler();
                handlers.add(handler);
                client.connect(endpoint, handler);
            }
            Waiting.until(() -> handlers.stream().allMatch(RecordingHandler::isOpened));
            for (RecordingHandler handler : handlers) {
                handler.connection().send(Lane.DATA, new byte[1 << 20], 1 << 20);
            }
            assertThat(threads()).isNotEmpty();
            client.close();
            server.close();

            assertThat(threads()).isEmpty();
            assertThat(client.bufferBytes() + server.bufferBytes()).isZero();
            assertThat(client.connectionCount() + server.connectionCount()).isZero();
            assertThat(handlers).allMatch(RecordingHandler::isClosed);
        }
        Waiting.until(() -> sockets() <= socketsBefore);
    }

    @Test
    void mayBeCalledByAHandler() throws Exception {
        NettyTransport server = open();
        NettyTransport client = open();
        RecordingHandler handler = new RecordingHandler().onOpened(connection -> client.close());
        client.connect(server.listen(RecordingHandler::new), handler);

        Waiting.until(() -> handler.isClosed() && threads().size() <= NetworkSettings.Limits.DEFAULT.threads());
        server.close();
        Waiting.until(() -> threads().isEmpty());
    }

    private NettyTransport open() throws IOException {
        return new NettyTransport(
                NetworkSettings.of(new Endpoint("127.0.0.1", 0), Secret.file(directory)), new HostClock());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("holdfast-net"))
                .toList();
    }

    /** Open sockets and selectors of this process, as Linux counts them; none where that cannot be asked. */
    private static long sockets() {
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(descriptors)) {
            return all.filter(CloseTest::isSocket).count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("socket:") || target.contains("eventpoll");
        } catch (IOException gone) {
            return false;
        }
    }
}
