package dev.holdfast.examples.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * One address for whichever coordinator is the present one, as a service of Kubernetes is: new connections go to the target of the
 * moment, those that are there stay where they are.
 */
final class Service implements AutoCloseable {
    private static final int CONNECT_MS = 2_000;

    private final ServerSocket listening;
    private volatile int targetPort;

    private Service(ServerSocket listening) {
        this.listening = listening;
    }

    static Service start() throws IOException {
        Service service = new Service(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(service::accept);
        return service;
    }

    String address() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    /** Where new connections go; 0 for nowhere. */
    void target(int port) {
        targetPort = port;
    }

    private void accept() {
        while (true) {
            try {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> forward(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void forward(Socket client) {
        try (client;
                Socket server = new Socket()) {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort), CONNECT_MS);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Thread back = Thread.ofVirtual().start(() -> copy(server, client));
            copy(client, server);
            back.join();
        } catch (IOException e) {
            // No coordinator there: who connected sees its connection close, and tries again.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Copies until one side ends; then both are closed. */
    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[1 << 14];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // The other direction sees it too.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
