package dev.holdfast.connector.files;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of rows on their way to a file: a growing array that is appended to. */
public final class RowBuffer {
    /** The largest array that every JVM can make. */
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

    private byte[] bytes;
    private int size;

    RowBuffer(int capacityBytes) {
        bytes = new byte[capacityBytes];
    }

    public RowBuffer append(char ascii) {
        if (ascii >= 0x80) {
            throw new IllegalArgumentException("char " + (int) ascii + " is not ASCII; append a String instead");
        }
        ensure(1);
        bytes[size++] = (byte) ascii;
        return this;
    }

    /** Appends text as UTF-8. Text with a lone surrogate is refused: it has no UTF-8 form. */
    public RowBuffer append(String text) {
        int length = text.length();
        ensure(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                appendUtf8(text.substring(i));
                return this;
            }
            bytes[size++] = (byte) c;
        }
        return this;
    }

    private void appendUtf8(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(
                    "text of " + text.length() + " chars holds a lone surrogate; it has no UTF-8 form");
        }
        append(encoded, 0, encoded.length);
    }

    /** Appends a number in decimal form. */
    public RowBuffer append(long number) {
        if (number == Long.MIN_VALUE) {
            return append(Long.toString(number));
        }
        // 19 digits and the sign.
        ensure(20);
        long rest = number;
        if (rest < 0) {
            bytes[size++] = '-';
            rest = -rest;
        }
        int digits = 1;
        for (long over = rest; over >= 10; over /= 10) {
            digits++;
        }
        for (int i = size + digits - 1; i >= size; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
        return this;
    }

    public RowBuffer append(byte[] source, int offset, int length) {
        ensure(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
        return this;
    }

    /** Bytes appended so far. */
    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    /** The bytes appended so far; valid until the next change. */
    ByteBuffer content() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            long needed = (long) size + more;
            if (needed > MAX_BYTES) {
                throw new IllegalStateException("a record of over " + MAX_BYTES + " bytes cannot be written");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_BYTES, Math.max(needed, bytes.length * 2L)));
        }
    }
}
