package dev.holdfast.transport.netty;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Makes X.509 certificates (RFC 5280) in DER, signed with ECDSA; the JDK has no public way to. */
final class CertificateMaker {
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int UTF8 = 0x0C;
    private static final int UTC_TIME = 0x17;

    /** ecdsa-with-SHA256, 1.2.840.10045.4.3.2. */
    private static final byte[] ALGORITHM =
            der(SEQUENCE, new byte[] {0x06, 0x08, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x04, 0x03, 0x02});

    private static final byte[] COMMON_NAME = {0x06, 0x03, 0x55, 0x04, 0x03};
    private static final byte[] BASIC_CONSTRAINTS = {0x06, 0x03, 0x55, 0x1D, 0x13};
    private static final byte[] ALTERNATIVE_NAMES = {0x06, 0x03, 0x55, 0x1D, 0x11};
    private static final byte[] TRUE = {0x01, 0x01, (byte) 0xFF};
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private static long serial;

    private CertificateMaker() {}

    static byte[] authority(String name, KeyPair keys) throws Exception {
        byte[] constraints = extension(BASIC_CONSTRAINTS, true, der(SEQUENCE, TRUE));
        return sign(
                name,
                keys.getPublic(),
                name,
                keys.getPrivate(),
                constraints,
                Instant.now().plusSeconds(86_400));
    }

    static byte[] certificate(
            String name, PublicKey key, String issuer, PrivateKey issuerKey, @Nullable String dnsName, Instant notAfter)
            throws Exception {
        byte[] names = dnsName == null
                ? new byte[0]
                : extension(
                        ALTERNATIVE_NAMES,
                        false,
                        der(SEQUENCE, der(0x82, dnsName.getBytes(StandardCharsets.US_ASCII))));
        return sign(name, key, issuer, issuerKey, names, notAfter);
    }

    private static synchronized byte[] sign(
            String name, PublicKey key, String issuer, PrivateKey issuerKey, byte[] extensions, Instant notAfter)
            throws Exception {
        Instant notBefore = notAfter.minusSeconds(2 * 86_400);
        byte[] body = der(
                SEQUENCE,
                der(0xA0, der(INTEGER, new byte[] {2})),
                der(INTEGER, new byte[] {1, (byte) (serial >>> 8), (byte) serial++}),
                ALGORITHM,
                name(issuer),
                der(SEQUENCE, time(notBefore), time(notAfter)),
                name(name),
                key.getEncoded(),
                extensions.length == 0 ? extensions : der(0xA3, der(SEQUENCE, extensions)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(issuerKey);
        signature.update(body);
        return der(SEQUENCE, body, ALGORITHM, der(BIT_STRING, new byte[1], signature.sign()));
    }

    private static byte[] name(String name) {
        byte[] text = der(UTF8, name.getBytes(StandardCharsets.UTF_8));
        return der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, text)));
    }

    private static byte[] time(Instant at) {
        return der(UTC_TIME, TIME.format(at).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] extension(byte[] kind, boolean critical, byte[] value) {
        return der(SEQUENCE, kind, critical ? TRUE : new byte[0], der(OCTET_STRING, value));
    }

    /** Tag, length, contents one after the other (X.690). */
    private static byte[] der(int tag, byte[]... contents) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : contents) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length >= 0x100) {
            out.write(0x82);
            out.write(length >>> 8);
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
