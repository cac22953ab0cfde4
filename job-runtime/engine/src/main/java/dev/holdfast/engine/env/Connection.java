package dev.holdfast.engine.env;

/**
 * One connection to another process, opened by either side. Any thread may call any method; none blocks.
 *
 * <p>A frame that was sent arrives whole and once, or the connection closes. Frames of one lane arrive in the order in which they
 * were sent. Control frames overtake data frames that wait to be written. What was sent before a connection broke may be lost; the
 * other side then sees {@link Handler#closed} too, sooner or later (a silent peer is found by missed heartbeats of who uses it).
 */
public interface Connection {
    /** A longer frame is refused by the sender, and closes the connection at the receiver. */
    int MAX_FRAME_BYTES = 1 << 20;

    /**
     * Control bytes that may wait to be written. A peer that leaves so much unread is not working; the connection closes.
     */
    long MAX_WAITING_CONTROL_BYTES = 64L << 20;

    /** What shares a queue. */
    enum Lane {
        /** Messages between coordinator and workers, credits: small, urgent. */
        CONTROL,
        /** Records. Who sends keeps to credits, so that what waits here is bounded. */
        DATA
    }

    /**
     * Sends a frame. The array belongs to the connection from now on. What is sent before the connection is open waits for that.
     *
     * @param length the frame is the first so many bytes of the array
     * @return false if the connection is closed; the frame is dropped then
     * @throws IllegalArgumentException if the frame is longer than {@link #MAX_FRAME_BYTES}
     */
    boolean send(Lane lane, byte[] frame, int length);

    /** Bytes of data frames that were sent and are not yet handed to the operating system; 0 once it is closed. */
    long waitingDataBytes();

    /** The other side's address, for logs. */
    String peer();

    /**
     * Closes the connection after what waits in the control lane, within a second. The handler's {@link Handler#closed} is still
     * called. Frames that come from now on are dropped, and so are data frames that wait. Does nothing if it is closed.
     *
     * @param reason for both sides' logs as far as it can be told
     */
    void close(String reason);

    /**
     * What one side of a connection gets. Called by one thread at a time for each connection (a thread of the transport): it must
     * return at once, and leave anything else in a mailbox. An exception closes the connection and is logged once.
     */
    interface Handler {
        /** The connection can be used: the other side is reached and has proved who it is. Called first, at most once. */
        void opened(Connection connection);

        /** A whole frame. The array belongs to the receiver. */
        void received(Connection connection, Lane lane, byte[] frame);

        /**
         * The connection has ended, or could not be opened. Called once, last.
         *
         * @param reason in words: refused, reset, closed by the peer, a wrong token, a damaged frame
         */
        void closed(Connection connection, String reason);
    }
}
