package dev.holdfast.api.type;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing array of bytes that values are written to. Numbers are little endian; {@code varInt} and {@code varLong}
 * take fewer bytes for small non-negative values, {@code zigZag} for numbers near zero.
 */
public final class DataWriter {
    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);
    /** The largest array that every JVM can make. */
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

    private byte[] bytes;
    private int size;

    public DataWriter() {
        this(64);
    }

    public DataWriter(int capacityBytes) {
        bytes = new byte[Math.max(16, capacityBytes)];
    }

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    public void writeByte(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
    }

    public void writeBoolean(boolean value) {
        writeByte(value ? 1 : 0);
    }

    public void writeShort(int value) {
        ensure(2);
        SHORT.set(bytes, size, (short) value);
        size += 2;
    }

    public void writeInt(int value) {
        ensure(4);
        INT.set(bytes, size, value);
        size += 4;
    }

    public void writeLong(long value) {
        ensure(8);
        LONG.set(bytes, size, value);
        size += 8;
    }

    public void writeFloat(float value) {
        writeInt(Float.floatToIntBits(value));
    }

    public void writeDouble(double value) {
        writeLong(Double.doubleToLongBits(value));
    }

    public void writeVarInt(int value) {
        ensure(5);
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    public void writeVarLong(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    public void writeZigZag(long value) {
        writeVarLong((value << 1) ^ (value >> 63));
    }

    /** Length in bytes as {@code varInt}, then UTF-8. Text with a lone surrogate is refused: it has no UTF-8 form. */
    public void writeString(String value) {
        int length = value.length();
        ensure(5 + length);
        if (length < 128) {
            int start = size + 1;
            int i = 0;
            for (; i < length; i++) {
                char c = value.charAt(i);
                if (c >= 0x80) {
                    break;
                }
                bytes[start + i] = (byte) c;
            }
            if (i == length) {
                bytes[size] = (byte) length;
                size = start + length;
                return;
            }
        }
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        if (hasLoneSurrogate(value)) {
            throw new IllegalArgumentException(
                    "text of " + length + " chars holds a lone surrogate; it has no UTF-8 form");
        }
        writeVarInt(encoded.length);
        writeBytes(encoded, 0, encoded.length);
    }

    private static boolean hasLoneSurrogate(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return true;
            }
        }
        return false;
    }

    /** The bytes alone, without a length. */
    public void writeBytes(byte[] source, int offset, int length) {
        ensure(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    public void writeBytes(byte[] source) {
        writeBytes(source, 0, source.length);
    }

    /** Bytes written so far. */
    public int size() {
        return size;
    }

    /** Goes back to an earlier {@link #size}, forgetting what was written after it. */
    public void truncate(int toSize) {
        if (toSize < 0 || toSize > size) {
            throw new IllegalArgumentException("cannot go from " + size + " to " + toSize + " bytes");
        }
        size = toSize;
    }

    public void clear() {
        size = 0;
    }

    /** The array behind; valid up to {@link #size}, until the next write. */
    public byte[] array() {
        return bytes;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            grow(more);
        }
    }

    private void grow(int more) {
        long needed = (long) size + more;
        if (needed > MAX_BYTES) {
            throw new IllegalStateException("a value of over " + MAX_BYTES + " bytes cannot be written");
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_BYTES, Math.max(needed, bytes.length * 2L)));
    }
}
