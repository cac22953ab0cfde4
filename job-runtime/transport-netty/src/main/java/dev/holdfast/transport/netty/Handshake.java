package dev.holdfast.transport.netty;

import io.netty.buffer.ByteBuf;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What both sides say before the first frame. With a token:
 *
 * <ol>
 *   <li>The client sends a hello: preface, 32 random bytes, and their proof. Without that the server never answers.
 *   <li>The server sends a welcome: preface, its own 32 random bytes, and a proof over both. Now the client knows the server.
 *   <li>The client sends a confirmation: preface, and a proof over both. Now the server knows that the hello is no recording.
 * </ol>
 *
 * Under TLS the certificates were shown before; hello and welcome are the preface alone, and tell that both sides speak this
 * protocol and have accepted each other.
 *
 * <pre>
 *   preface: 4 bytes "HFNT", 2 bytes version, 1 byte security (1 token, 2 TLS), 1 byte message (1 hello, 2 welcome, 3 confirmation)
 *   proof:   HMAC-SHA256 with the token over the name of the message, the preface, and the random bytes so far
 * </pre>
 *
 * For one thread. After an exception it must not be used again.
 */
final class Handshake {
    static final int VERSION = 1;

    /** The longest message, and so the most that is kept of a peer that has not proved anything. */
    static final int MAX_MESSAGE_BYTES = 8 + 32 + Tokens.PROOF_BYTES;

    private static final byte[] MAGIC = {'H', 'F', 'N', 'T'};
    private static final int PREFACE_BYTES = 8;
    private static final int NONCE_BYTES = 32;
    private static final int HELLO = 1;
    private static final int WELCOME = 2;
    private static final int CONFIRMATION = 3;
    private static final byte[] NOTHING = {};

    private final boolean client;
    private final @Nullable Tokens tokens;
    private final SecureRandom random;
    private final byte[] message = new byte[MAX_MESSAGE_BYTES];
    private int messageBytes;
    private byte[] clientNonce = NOTHING;
    private byte[] serverNonce = NOTHING;
    private Tokens.@Nullable Token token;
    private boolean welcomed;
    private boolean done;

    /** @param tokens null under TLS */
    Handshake(boolean client, @Nullable Tokens tokens, SecureRandom random) {
        this.client = client;
        this.tokens = tokens;
        this.random = random;
        if (client && tokens != null) {
            token = tokens.own();
        }
    }

    boolean isDone() {
        return done;
    }

    /** What this side sends without being asked; nothing at a server. */
    byte[] begin() {
        if (!client) {
            return NOTHING;
        }
        Tokens.Token own = token;
        if (own == null) {
            return preface(HELLO);
        }
        clientNonce = nonce();
        return join(preface(HELLO), clientNonce, own.proof("hello", preface(HELLO), clientNonce));
    }

    /** Bytes of a message that is not complete. */
    int pendingBytes() {
        return messageBytes;
    }

    /** Reads up to the end of a message, and returns what is to be answered; nothing until the message is complete. */
    byte[] read(ByteBuf in) throws PeerException {
        int expected = client ? WELCOME : welcomed ? CONFIRMATION : HELLO;
        int wanted = length(expected);
        int before = messageBytes;
        int count = Math.min(in.readableBytes(), wanted - messageBytes);
        in.readBytes(message, messageBytes, count);
        messageBytes += count;
        checkPreface(before, expected);
        if (messageBytes < wanted) {
            return NOTHING;
        }
        messageBytes = 0;
        return switch (expected) {
            case HELLO -> hello();
            case WELCOME -> welcome();
            case CONFIRMATION -> confirmation();
            default -> throw new IllegalStateException("there is no message " + expected);
        };
    }

    private byte[] hello() throws PeerException {
        Tokens known = tokens;
        if (known == null) {
            done = true;
            return preface(WELCOME);
        }
        clientNonce = part(0);
        byte[] proof = part(1);
        for (Tokens.Token candidate : known.accepted()) {
            // All are compared, and each in constant time: how long it takes tells nothing.
            if (MessageDigest.isEqual(proof, candidate.proof("hello", preface(HELLO), clientNonce))) {
                token = candidate;
            }
        }
        Tokens.Token shared = token;
        if (shared == null) {
            throw new PeerException(
                    PeerException.TOKEN,
                    "its token is not one of the " + known.accepted().size()
                            + " that are accepted here. Give all processes of the job the same token file");
        }
        welcomed = true;
        serverNonce = nonce();
        byte[] answer = shared.proof("welcome", preface(WELCOME), clientNonce, serverNonce);
        return join(preface(WELCOME), serverNonce, answer);
    }

    private byte[] welcome() throws PeerException {
        done = true;
        Tokens.Token own = token;
        if (own == null) {
            return NOTHING;
        }
        serverNonce = part(0);
        verify(part(1), own.proof("welcome", preface(WELCOME), clientNonce, serverNonce));
        byte[] proof = own.proof("confirmation", preface(CONFIRMATION), clientNonce, serverNonce);
        return join(preface(CONFIRMATION), proof);
    }

    private byte[] confirmation() throws PeerException {
        Tokens.Token shared = token;
        if (shared == null) {
            throw new IllegalStateException("a confirmation is expected before a hello");
        }
        byte[] proof = Arrays.copyOfRange(message, PREFACE_BYTES, PREFACE_BYTES + Tokens.PROOF_BYTES);
        verify(proof, shared.proof("confirmation", preface(CONFIRMATION), clientNonce, serverNonce));
        done = true;
        return NOTHING;
    }

    private static void verify(byte[] found, byte[] expected) throws PeerException {
        if (!MessageDigest.isEqual(found, expected)) {
            throw new PeerException(
                    PeerException.TOKEN,
                    "its proof is wrong: it does not know the token, or repeats what another has said");
        }
    }

    /** Refuses with the first byte that cannot be right. */
    private void checkPreface(int from, int expected) throws PeerException {
        byte[] right = preface(expected);
        for (int i = from; i < Math.min(messageBytes, PREFACE_BYTES); i++) {
            if (message[i] != right[i]) {
                throw wrong(i);
            }
        }
    }

    private PeerException wrong(int at) {
        if (at < MAGIC.length) {
            return new PeerException(
                    PeerException.NOT_OURS,
                    "it does not speak this protocol, or one side uses TLS and the other does not");
        }
        if (at < MAGIC.length + 2) {
            return new PeerException(
                    PeerException.VERSION,
                    "it speaks another version of the protocol than " + VERSION
                            + ". Run the same version of Holdfast in all processes of a job");
        }
        if (at < MAGIC.length + 3) {
            return new PeerException(
                    PeerException.NOT_OURS,
                    "it proves itself by " + (tokens == null ? "a token, expected TLS" : "TLS, expected a token")
                            + ". Give all processes of a job the same settings");
        }
        return new PeerException(
                PeerException.NOT_OURS, "it sends message " + message[at] + " of the handshake out of turn");
    }

    private int length(int kind) {
        if (tokens == null) {
            return PREFACE_BYTES;
        }
        return kind == CONFIRMATION
                ? PREFACE_BYTES + Tokens.PROOF_BYTES
                : PREFACE_BYTES + NONCE_BYTES + Tokens.PROOF_BYTES;
    }

    private byte[] preface(int kind) {
        return new byte[] {
            MAGIC[0], MAGIC[1], MAGIC[2], MAGIC[3], VERSION >>> 8, VERSION, (byte) (tokens == null ? 2 : 1), (byte) kind
        };
    }

    private byte[] part(int number) {
        int from = PREFACE_BYTES + number * NONCE_BYTES;
        return Arrays.copyOfRange(message, from, from + NONCE_BYTES);
    }

    private byte[] nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
