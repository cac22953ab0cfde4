package dev.holdfast.benchmarks.exchange;

import dev.holdfast.engine.env.Connection;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.Transport;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** This process's side of the connection with {@link ExchangePeer}: asks by control frames, one at a time. */
final class ExchangeClient implements Connection.Handler {
    private static final int ANSWER_WITHIN_SECONDS = 30;
    private static final byte[] COUNTS = {};

    private final BlockingQueue<byte[]> answers = new ArrayBlockingQueue<>(1);
    private final Connection connection;

    ExchangeClient(Transport transport, Endpoint peer) {
        connection = transport.connect(peer, this);
    }

    Connection connection() {
        return connection;
    }

    /** Sends a control frame and waits for the answer. */
    byte[] ask(byte[] question) throws InterruptedException {
        connection.send(Connection.Lane.CONTROL, question, question.length);
        byte[] answer = answers.poll(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS);
        if (answer == null) {
            throw new IllegalStateException("the other process does not answer");
        }
        return answer;
    }

    ExchangePeer.Counts counts() throws InterruptedException {
        return ExchangePeer.Counts.decode(ask(COUNTS));
    }

    /** Waits until all data has been handed to the network. */
    void awaitWritten() {
        while (connection.waitingDataBytes() > 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void opened(Connection opened) {}

    @Override
    public void received(Connection from, Connection.Lane lane, byte[] frame) {
        answers.add(frame);
    }

    @Override
    public void closed(Connection from, String reason) {
        System.err.println("the connection with the other process has ended: " + reason);
    }
}
