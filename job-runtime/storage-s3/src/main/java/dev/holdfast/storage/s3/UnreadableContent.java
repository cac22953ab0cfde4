package dev.holdfast.storage.s3;

import dev.holdfast.engine.env.StoreException.Kind;
import java.io.IOException;

/** The content to be sent cannot be read, or is not as long as it says: a failure on our side, not the server's. */
final class UnreadableContent extends IOException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final String text;

    private UnreadableContent(Kind kind, String text) {
        super(text);
        this.kind = kind;
        this.text = text;
    }

    static UnreadableContent broken(IOException cause) {
        UnreadableContent broken =
                new UnreadableContent(Kind.DISK, "cannot read the content to be sent: " + cause.getMessage());
        broken.initCause(cause);
        return broken;
    }

    static UnreadableContent wrongLength(long expectedBytes, String found) {
        return new UnreadableContent(
                Kind.DAMAGED,
                "the content said " + expectedBytes + " bytes, but " + found
                        + " could be read. It must not change while it is written");
    }

    Kind kind() {
        return kind;
    }

    String text() {
        return text;
    }
}
