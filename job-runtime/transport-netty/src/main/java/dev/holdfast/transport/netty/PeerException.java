package dev.holdfast.transport.netty;

/** A peer that is refused, or whose connection is broken. Has no stack: it says what the peer did, not what this code did. */
final class PeerException extends Exception {
    private static final long serialVersionUID = 1L;

    static final String NOT_OURS = "HF-NET-010";
    static final String VERSION = "HF-NET-011";
    static final String TOKEN = "HF-NET-012";
    static final String CERTIFICATE = "HF-NET-013";
    static final String HANDSHAKE = "HF-NET-014";
    static final String TOO_MANY = "HF-NET-015";
    static final String DAMAGED = "HF-NET-020";
    static final String UNREAD = "HF-NET-021";
    static final String HANDLER = "HF-NET-022";
    static final String UNREACHABLE = "HF-NET-023";

    private final String code;

    PeerException(String code, String text) {
        super(code + ": " + text, null, false, false);
        this.code = code;
    }

    String code() {
        return code;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
