package dev.holdfast.engine.link;

import dev.holdfast.engine.env.Connection;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One connection between coordinator and worker, seen from one side: frames become messages, and everything that happens comes as
 * mail of the owner. NEW becomes OPEN, then CLOSED; messages before OPEN and after CLOSED are dropped.
 *
 * <p>A frame that cannot be read closes the connection: the other side is told the reason, and so is the owner.
 */
public final class MessageLink {
    private final Mailbox mailbox;
    private final Events events;
    private final MessageCodec codec = new MessageCodec();
    private @Nullable Connection connection;
    private boolean closed;
    private @Nullable String refusal;

    /** What the owner hears; on its own thread. */
    public interface Events {
        void opened(MessageLink link);

        void received(MessageLink link, Message message);

        /** Called once, last; also for a connection that was never opened. */
        void closed(MessageLink link, String reason);
    }

    public MessageLink(Mailbox mailbox, Events events) {
        this.mailbox = mailbox;
        this.events = events;
    }

    /**
     * Makes the serializers of all messages, which the first link of a process would do else. Blocks, for any thread.
     *
     * @return the version of the messages
     */
    public static int prepare() {
        return MessageCodec.prepare();
    }

    /** The message that a frame holds as a whole, for those who watch a network; empty for parts and refusals. */
    public static Optional<Message> peek(byte[] frame) {
        return new MessageCodec().decode(frame) instanceof MessageCodec.Read.Whole whole
                ? Optional.of(whole.message())
                : Optional.empty();
    }

    /** What the transport calls, on its own threads. */
    public Connection.Handler handler() {
        return new OnTransport();
    }

    /** Sends a message; on the owner's thread. */
    public void send(Message message) {
        Connection open = connection;
        if (open != null && !closed) {
            for (byte[] frame : MessageCodec.encode(message)) {
                open.send(Connection.Lane.CONTROL, frame, frame.length);
            }
        }
    }

    /** Tells the other side why, and closes. The owner hears {@link Events#closed} later. On the owner's thread. */
    public void refuse(String reason) {
        Connection open = connection;
        if (open != null && !closed) {
            byte[] frame = MessageCodec.encodeRefusal(reason);
            open.send(Connection.Lane.CONTROL, frame, frame.length);
            open.close(reason);
        }
    }

    /** The other side's address, for logs. */
    public String peer() {
        Connection open = connection;
        return open == null ? "not connected" : open.peer();
    }

    private void mail(Runnable work) {
        mailbox.post(work);
    }

    private final class OnTransport implements Connection.Handler {
        @Override
        public void opened(Connection opened) {
            mail(() -> {
                connection = opened;
                events.opened(MessageLink.this);
            });
        }

        @Override
        public void received(Connection from, Connection.Lane lane, byte[] frame) {
            List<Message> messages = new ArrayList<>(1);
            try {
                switch (codec.decode(frame)) {
                    case MessageCodec.Read.More more -> {}
                    case MessageCodec.Read.Whole whole -> messages.add(whole.message());
                    case MessageCodec.Read.Refusal told -> mail(() -> refusal = told.reason());
                }
            } catch (IllegalStateException e) {
                String reason = String.valueOf(e.getMessage());
                mail(() -> {
                    refusal = reason;
                    refuse(reason);
                });
                return;
            }
            messages.forEach(message -> mail(() -> {
                if (!closed && refusal == null) {
                    events.received(MessageLink.this, message);
                }
            }));
        }

        @Override
        public void closed(Connection which, String reason) {
            mail(() -> {
                closed = true;
                events.closed(MessageLink.this, refusal == null ? reason : "refused: " + refusal);
            });
        }
    }
}
