package dev.holdfast.engine.env;

import dev.holdfast.engine.env.Connection.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Writes down all that a handler hears, and complains about calls out of turn. Any thread may ask. */
public class RecordingHandler implements Connection.Handler {
    /** A frame that came. */
    public record Frame(Lane lane, byte[] bytes) {}

    private final List<Frame> frames = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private Connection connection;
    private String closedReason;
    private long receivedBytes;
    private int received;
    private boolean inside;
    private boolean keepsFrames = true;
    private Consumer<Connection> onOpened = c -> {};
    private Consumer<Frame> onFrame = frame -> {};
    private Consumer<String> onClosed = reason -> {};

    /** Runs within the call of {@code opened}. */
    public RecordingHandler onOpened(Consumer<Connection> action) {
        onOpened = action;
        return this;
    }

    /** Runs within the call of {@code received}. */
    public RecordingHandler onFrame(Consumer<Frame> action) {
        onFrame = action;
        return this;
    }

    /** Runs within the call of {@code closed}. */
    public RecordingHandler onClosed(Consumer<String> action) {
        onClosed = action;
        return this;
    }

    /** Counts frames without keeping them. */
    public RecordingHandler countsOnly() {
        keepsFrames = false;
        return this;
    }

    @Override
    public void opened(Connection opened) {
        enter("opened");
        synchronized (this) {
            complainIf(connection != null, "opened twice");
            complainIf(closedReason != null, "opened after closed");
            connection = opened;
        }
        try {
            onOpened.accept(opened);
        } finally {
            leave();
        }
    }

    @Override
    public void received(Connection from, Lane lane, byte[] bytes) {
        enter("received");
        Frame frame = new Frame(lane, bytes);
        synchronized (this) {
            complainIf(connection != from, "received before opened, or from another connection");
            complainIf(closedReason != null, "received after closed");
            received++;
            receivedBytes += bytes.length;
            if (keepsFrames) {
                frames.add(frame);
            }
        }
        try {
            onFrame.accept(frame);
        } finally {
            leave();
        }
    }

    @Override
    public void closed(Connection from, String reason) {
        enter("closed");
        synchronized (this) {
            complainIf(closedReason != null, "closed twice");
            complainIf(connection != null && connection != from, "closed with another connection");
            closedReason = reason;
        }
        try {
            onClosed.accept(reason);
        } finally {
            leave();
        }
    }

    public synchronized boolean isOpened() {
        return connection != null;
    }

    public synchronized boolean isClosed() {
        return closedReason != null;
    }

    /** What {@code opened} was called with; null before. */
    public synchronized Connection connection() {
        return connection;
    }

    /** Null as long as it is not closed. */
    public synchronized String closedReason() {
        return closedReason;
    }

    public synchronized List<Frame> frames() {
        return List.copyOf(frames);
    }

    public synchronized List<byte[]> frames(Lane lane) {
        return frames.stream().filter(f -> f.lane() == lane).map(Frame::bytes).toList();
    }

    public synchronized int received() {
        return received;
    }

    public synchronized long receivedBytes() {
        return receivedBytes;
    }

    /** Calls that the contract forbids. */
    public synchronized List<String> wrong() {
        return List.copyOf(wrong);
    }

    private synchronized void enter(String call) {
        complainIf(inside, call + " while another call runs");
        inside = true;
    }

    private synchronized void leave() {
        inside = false;
    }

    private void complainIf(boolean condition, String what) {
        if (condition) {
            wrong.add(what);
        }
    }
}
