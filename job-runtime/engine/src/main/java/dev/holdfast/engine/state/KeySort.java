package dev.holdfast.engine.state;

import java.util.Arrays;

/**
 * Sorts entries by their keys' unsigned bytes, a most significant digit sort with five bytes as a digit.
 *
 * <ol>
 *   <li>Skip what the keys of the range have in common.
 *   <li>Pack the next five bytes of each key (zeros after its end) and its place in the range into one long; sort those.
 *   <li>Entries with the same five bytes: few are compared whole and inserted; many are sorted by what follows.
 * </ol>
 */
final class KeySort {
    private static final int DIGIT_BYTES = 5;
    private static final int PLACE_BITS = 64 - 8 * DIGIT_BYTES;
    /** Below this many, inserting is faster than another round. */
    private static final int FEW = 24;

    private byte[] bytes = new byte[0];
    private int[] starts = new int[0];
    private int[] ends = new int[0];
    private long[] packed = new long[0];
    private int[] places = new int[0];

    /** Most entries of one range. */
    static final int MAX_ENTRIES = 1 << PLACE_BITS;

    /**
     * Sorts {@code order[from, to)}.
     *
     * @param order indexes into keyStarts and keyEnds
     * @param skip bytes that all keys have in common at least
     */
    void sort(byte[] keyBytes, int[] keyStarts, int[] keyEnds, int[] order, int from, int to, int skip) {
        bytes = keyBytes;
        starts = keyStarts;
        ends = keyEnds;
        if (packed.length < to - from) {
            packed = new long[Math.max(to - from, 1024)];
            places = new int[packed.length];
        }
        sort(order, from, to, skip);
    }

    private void sort(int[] order, int from, int to, int skip) {
        if (to - from <= FEW || to - from > MAX_ENTRIES) {
            insert(order, from, to);
            return;
        }
        int first = order[from];
        int common = ends[first] - starts[first];
        for (int i = from + 1; i < to && common > skip; i++) {
            int start = starts[order[i]];
            int limit = Math.min(common, ends[order[i]] - start);
            int length = skip;
            while (length < limit && bytes[starts[first] + length] == bytes[start + length]) {
                length++;
            }
            common = length;
        }
        for (int i = from; i < to; i++) {
            packed[i - from] = (digit(order[i], common) << PLACE_BITS) | (i - from);
            places[i - from] = order[i];
        }
        Arrays.sort(packed, 0, to - from);
        for (int i = from; i < to; i++) {
            order[i] = places[(int) packed[i - from] & (MAX_ENTRIES - 1)];
        }
        int same = from;
        for (int i = from + 1; i <= to; i++) {
            if (i < to && digit(order[i], common) == digit(order[same], common)) {
                continue;
            }
            if (i - same > 1) {
                if (shortest(order, same, i) > common + DIGIT_BYTES) {
                    sort(order, same, i, common + DIGIT_BYTES);
                } else {
                    insert(order, same, i);
                }
            }
            same = i;
        }
    }

    private long digit(int entry, int offset) {
        long digit = 0;
        int at = starts[entry] + offset;
        for (int i = 0; i < DIGIT_BYTES; i++, at++) {
            // The sign bit is flipped below, so that signed longs sort as unsigned bytes do.
            digit = (digit << 8) | (at < ends[entry] ? bytes[at] & 0xFF : 0);
        }
        return digit ^ (1L << (8 * DIGIT_BYTES - 1));
    }

    private int shortest(int[] order, int from, int to) {
        int shortest = Integer.MAX_VALUE;
        for (int i = from; i < to; i++) {
            shortest = Math.min(shortest, ends[order[i]] - starts[order[i]]);
        }
        return shortest;
    }

    private void insert(int[] order, int from, int to) {
        if (to - from > 2 * FEW) {
            Integer[] boxed = new Integer[to - from];
            for (int i = from; i < to; i++) {
                boxed[i - from] = order[i];
            }
            Arrays.sort(boxed, this::compare);
            for (int i = from; i < to; i++) {
                order[i] = boxed[i - from];
            }
            return;
        }
        for (int i = from + 1; i < to; i++) {
            int moved = order[i];
            int j = i;
            for (; j > from && compare(order[j - 1], moved) > 0; j--) {
                order[j] = order[j - 1];
            }
            order[j] = moved;
        }
    }

    int compare(int a, int b) {
        return Arrays.compareUnsigned(bytes, starts[a], ends[a], bytes, starts[b], ends[b]);
    }
}
