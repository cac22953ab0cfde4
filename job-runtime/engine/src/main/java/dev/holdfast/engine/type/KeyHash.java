package dev.holdfast.engine.type;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The hash of an encoded key: MurmurHash3 x86 32-bit with seed 0 (Austin Appleby, public domain). It decides where state
 * lies, so it never changes; test vectors hold it down.
 */
public final class KeyHash {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private KeyHash() {}

    public static int of(byte[] bytes, int offset, int length) {
        int hash = 0;
        int at = offset;
        for (int end = offset + (length & ~3); at < end; at += 4) {
            hash = block(hash, (int) INT.get(bytes, at));
        }
        int tail = length & 3;
        if (tail > 0) {
            int rest = bytes[at] & 0xff;
            if (tail > 1) {
                rest |= (bytes[at + 1] & 0xff) << 8;
            }
            if (tail > 2) {
                rest |= (bytes[at + 2] & 0xff) << 16;
            }
            hash ^= scrambled(rest);
        }
        return finished(hash, length);
    }

    /** Of the four bytes of an encoded {@code int}. */
    static int ofInt(int key) {
        return finished(block(0, key), Integer.BYTES);
    }

    /** Of the eight bytes of an encoded {@code long}. */
    static int ofLong(long key) {
        return finished(block(block(0, (int) key), (int) (key >>> 32)), Long.BYTES);
    }

    private static int block(int hash, int block) {
        return Integer.rotateLeft(hash ^ scrambled(block), 13) * 5 + 0xe6546b64;
    }

    private static int scrambled(int block) {
        return Integer.rotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593;
    }

    private static int finished(int hash, int length) {
        int h = hash ^ length;
        h = (h ^ (h >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }
}
