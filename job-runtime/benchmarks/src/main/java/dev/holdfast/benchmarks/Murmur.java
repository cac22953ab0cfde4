package dev.holdfast.benchmarks;

/** The engine's hash of a key of eight bytes (MurmurHash3 x86 32-bit), on the plain number. */
final class Murmur {
    private Murmur() {}

    static int ofLong(long key) {
        int h = block(block(0, (int) key), (int) (key >>> 32)) ^ Long.BYTES;
        h = (h ^ (h >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }

    private static int block(int hash, int block) {
        return Integer.rotateLeft(hash ^ Integer.rotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593, 13) * 5 + 0xe6546b64;
    }
}
