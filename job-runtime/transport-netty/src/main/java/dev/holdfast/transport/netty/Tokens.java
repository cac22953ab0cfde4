package dev.holdfast.transport.netty;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a process proves with and accepts at one moment.
 *
 * @param own the token to prove with
 * @param accepted all tokens that a peer may prove with, the own one too
 */
record Tokens(Token own, List<Token> accepted) {
    static final int PROOF_BYTES = 32;

    Tokens {
        accepted = List.copyOf(accepted);
        if (!accepted.contains(own)) {
            throw new IllegalArgumentException("the own token is not among those that are accepted");
        }
    }

    /** One token. Its text goes nowhere but into proofs. */
    record Token(String secret) {
        private static final String ALGORITHM = "HmacSHA256";

        /** HMAC-SHA256 (RFC 2104) over the parts, one after the other; each part has a fixed length but for the first. */
        byte[] proof(String label, byte[]... parts) {
            try {
                Mac mac = Mac.getInstance(ALGORITHM);
                mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
                mac.update(label.getBytes(StandardCharsets.US_ASCII));
                mac.update((byte) 0);
                for (byte[] part : parts) {
                    mac.update(part);
                }
                return mac.doFinal();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the JVM has no " + ALGORITHM, e);
            }
        }

        @Override
        public String toString() {
            return "Token[]";
        }
    }
}
