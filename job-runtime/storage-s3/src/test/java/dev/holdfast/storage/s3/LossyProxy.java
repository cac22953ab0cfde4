package dev.holdfast.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Stands before a real server and loses answers: a request whose first line matches is passed on and done, and when its answer
 * comes the connection is cut.
 */
final class LossyProxy implements AutoCloseable {
    private final ServerSocket listening;
    private final int serverPort;
    private final Pattern requestLine;
    private final AtomicInteger left;

    /** @param losses how many answers are lost */
    LossyProxy(int serverPort, String requestLine, int losses) throws IOException {
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.serverPort = serverPort;
        this.requestLine = Pattern.compile(requestLine);
        this.left = new AtomicInteger(losses);
        Thread.ofVirtual().start(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    int lossesLeft() {
        return left.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                Connection connection = new Connection(client, server);
                Thread.ofVirtual().start(connection::requests);
                Thread.ofVirtual().start(connection::answers);
            }
        } catch (IOException closed) {
            // The test is over.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private final class Connection {
        private final Socket client;
        private final Socket server;
        private volatile boolean loseNext;

        Connection(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void requests() {
            byte[] buffer = new byte[64 * 1024];
            try (client;
                    server) {
                InputStream in = client.getInputStream();
                OutputStream out = server.getOutputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    // Clients send the head of a request in one piece, and begin none before they have the last answer.
                    String line =
                            new String(buffer, 0, Math.min(read, 500), StandardCharsets.ISO_8859_1).split("\r\n")[0];
                    if (requestLine.matcher(line).matches() && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                        loseNext = true;
                    }
                    out.write(buffer, 0, read);
                }
            } catch (IOException cut) {
                return;
            }
        }

        void answers() {
            byte[] buffer = new byte[64 * 1024];
            try (client;
                    server) {
                InputStream in = server.getInputStream();
                OutputStream out = client.getOutputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    String line = new String(buffer, 0, Math.min(read, 30), StandardCharsets.ISO_8859_1);
                    if (loseNext && !line.startsWith("HTTP/1.1 100")) {
                        return;
                    }
                    out.write(buffer, 0, read);
                }
            } catch (IOException cut) {
                return;
            }
        }
    }
}
