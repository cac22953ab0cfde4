package dev.holdfast.transport.netty;

import dev.holdfast.api.HoldfastException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads keys and certificates from files in PEM (RFC 7468). */
final class Pem {
    /** Several hundred certificates. */
    private static final long MAX_FILE_BYTES = 1 << 20;

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END [A-Z ]*PRIVATE KEY-----");

    /** The algorithms of keys that TLS 1.3 knows. */
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private Pem() {}

    /** @throws HoldfastException HF-NET-003 */
    static List<X509Certificate> certificates(Path file) {
        byte[] bytes = read(file);
        try {
            List<X509Certificate> found =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (found.isEmpty()) {
                throw unusable(file, "has no certificate", null);
            }
            return found;
        } catch (GeneralSecurityException e) {
            throw unusable(file, "is no list of certificates in PEM: " + e.getMessage(), e);
        }
    }

    /** @throws HoldfastException HF-NET-003 */
    static PrivateKey privateKey(Path file) {
        Matcher matcher = KEY.matcher(new String(read(file), StandardCharsets.US_ASCII));
        if (!matcher.find()) {
            throw unusable(file, "has no private key in PEM without a password", null);
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(matcher.group(2));
        } catch (IllegalArgumentException e) {
            throw unusable(file, "has a private key that is no base64", e);
        }
        return switch (matcher.group(1)) {
            case "PRIVATE KEY" -> decode(file, der);
            case "RSA PRIVATE KEY" -> decode(file, Pkcs8.ofRsa(der));
            default ->
                throw unusable(
                        file,
                        "has a key of the form '" + matcher.group(1)
                                + "', expected 'PRIVATE KEY' (PKCS#8). Convert it with openssl pkcs8 -topk8 -nocrypt,"
                                + " or set privateKey.encoding: PKCS8 in cert-manager",
                        null);
        };
    }

    /** @throws HoldfastException HF-NET-003 if the key is not that of the certificate */
    static void requirePair(Path keyFile, PrivateKey key, Path certificateFile, X509Certificate certificate) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        byte[] probe = "holdfast".getBytes(StandardCharsets.US_ASCII);
        boolean pair;
        try {
            Signature sign = Signature.getInstance(algorithm);
            sign.initSign(key);
            sign.update(probe);
            byte[] signed = sign.sign();
            Signature verify = Signature.getInstance(algorithm);
            verify.initVerify(certificate.getPublicKey());
            verify.update(probe);
            pair = verify.verify(signed);
        } catch (GeneralSecurityException e) {
            pair = false;
        }
        if (!pair) {
            throw unusable(keyFile, "is not the key of the first certificate in " + certificateFile, null);
        }
    }

    private static PrivateKey decode(Path file, byte[] pkcs8) {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException notThisOne) {
                // The next algorithm may know it.
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the JVM has no keys of " + algorithm, e);
            }
        }
        throw unusable(file, "has a private key that is none of " + ALGORITHMS, null);
    }

    private static byte[] read(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw unusable(file, "has more than " + MAX_FILE_BYTES + " bytes", null);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unusable(file, "cannot be read: " + e + ". Check path and rights", e);
        }
    }

    private static HoldfastException unusable(Path file, String fact, @Nullable Throwable cause) {
        return new HoldfastException("HF-NET-003", "file " + file + " " + fact, cause);
    }
}
