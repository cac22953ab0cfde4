package dev.holdfast.api.type;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Reads what {@link DataWriter} wrote. Whatever the bytes are, a read stays within its range and ends: damaged input
 * throws {@link IllegalStateException} with the offset.
 */
public final class DataReader {
    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);

    private byte[] bytes;
    private int position;
    private int end;

    public DataReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    public DataReader(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        this.bytes = bytes;
        this.position = offset;
        this.end = offset + length;
    }

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    /** Starts over on other bytes. */
    public DataReader reset(byte[] newBytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, newBytes.length);
        bytes = newBytes;
        position = offset;
        end = offset + length;
        return this;
    }

    public byte readByte() {
        return bytes[take(1)];
    }

    public boolean readBoolean() {
        byte value = readByte();
        if (value != 0 && value != 1) {
            throw damaged("a boolean is " + value + ", not 0 or 1");
        }
        return value == 1;
    }

    public short readShort() {
        return (short) SHORT.get(bytes, take(2));
    }

    public int readInt() {
        return (int) INT.get(bytes, take(4));
    }

    public long readLong() {
        return (long) LONG.get(bytes, take(8));
    }

    public float readFloat() {
        return Float.intBitsToFloat(readInt());
    }

    public double readDouble() {
        return Double.longBitsToDouble(readLong());
    }

    public int readVarInt() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte next = readByte();
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw damaged("a varInt has more than 5 bytes");
    }

    public long readVarLong() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte next = readByte();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw damaged("a varLong has more than 10 bytes");
    }

    public long readZigZag() {
        long value = readVarLong();
        return (value >>> 1) ^ -(value & 1);
    }

    public String readString() {
        int length = readLength();
        int start = take(length);
        return new String(bytes, start, length, StandardCharsets.UTF_8);
    }

    /** A {@code varInt} that counts things of at least one byte each: never more than {@link #remaining}. */
    public int readLength() {
        int length = readVarInt();
        if (length < 0 || length > remaining()) {
            throw damaged("a length of " + Integer.toUnsignedString(length) + " goes beyond the " + remaining()
                    + " bytes that are left");
        }
        return length;
    }

    public byte[] readBytes(int length) {
        byte[] result = new byte[Math.min(length, Math.max(0, remaining()))];
        int start = take(length);
        System.arraycopy(bytes, start, result, 0, length);
        return result;
    }

    public void skip(int length) {
        take(length);
    }

    public int remaining() {
        return end - position;
    }

    /** Index of the next byte in {@link #array}. */
    public int position() {
        return position;
    }

    public byte[] array() {
        return bytes;
    }

    private int take(int length) {
        int start = position;
        if (length < 0 || length > end - start) {
            throw damaged(length + " bytes wanted, " + (end - start) + " left");
        }
        position = start + length;
        return start;
    }

    private IllegalStateException damaged(String what) {
        return new IllegalStateException("damaged value at byte " + position + ": " + what);
    }
}
