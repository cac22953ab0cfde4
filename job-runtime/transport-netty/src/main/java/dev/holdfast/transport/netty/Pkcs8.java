package dev.holdfast.transport.netty;

import java.io.ByteArrayOutputStream;

/** Wraps an RSA key of PKCS#1 (RFC 8017), which cert-manager writes by default, into PKCS#8 (RFC 5208), which the JDK reads. */
final class Pkcs8 {
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;

    /** The integer 0, version of the structure. */
    private static final byte[] VERSION = {0x02, 0x01, 0x00};

    /** The sequence of 1.2.840.113549.1.1.1 (rsaEncryption) and null. */
    private static final byte[] RSA = {
        0x30, 0x0D, 0x06, 0x09, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    private Pkcs8() {}

    static byte[] ofRsa(byte[] pkcs1) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(VERSION);
        body.writeBytes(RSA);
        body.writeBytes(element(OCTET_STRING, pkcs1));
        return element(SEQUENCE, body.toByteArray());
    }

    /** Tag, length, content (X.690). */
    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            int bytes = (39 - Integer.numberOfLeadingZeros(content.length)) / 8;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(content.length >>> (8 * i));
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}
