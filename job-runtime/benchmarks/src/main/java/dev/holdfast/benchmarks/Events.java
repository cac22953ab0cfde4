package dev.holdfast.benchmarks;

/**
 * Makes the record of an index, which depends on the index alone. Every record is new: an object of 64 bytes and a text of its
 * own of another 64. Else it is cheap, so that the source is not what is measured: one mixing function (SplitMix64), and
 * product and region from small tables, as a source takes them that meets the same few names again and again.
 */
public final class Events {
    private static final int TEXTS = 256;
    private static final String[] PRODUCTS = texts("product-", "-of-many");
    private static final int CUSTOMERS = 1 << 20;
    private static final String[] REGIONS = texts("region-", "-east");

    private final long firstKey;
    private final long keys;

    /** Records with keys evenly from {@code firstKey} to {@code firstKey + keys - 1}. */
    public Events(long firstKey, long keys) {
        this.firstKey = firstKey;
        this.keys = keys;
    }

    long key(long index) {
        return firstKey + Math.unsignedMultiplyHigh(mix(index), keys);
    }

    /** The record of an index. */
    public Event make(long index) {
        long random = mix(index);
        return new Event(
                index,
                firstKey + Math.unsignedMultiplyHigh(random, keys),
                1_700_000_000_000L + (index >>> 10),
                (int) random & 63,
                ((int) random >>> 8) * 0.01,
                PRODUCTS[(int) random & TEXTS - 1],
                "customer-number-" + (1_000_000 + ((int) (random >>> 8) & CUSTOMERS - 1)),
                REGIONS[(int) (random >>> 16) & TEXTS - 1]);
    }

    static long mix(long value) {
        long z = value * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private static String[] texts(String before, String after) {
        String[] texts = new String[TEXTS];
        for (int i = 0; i < TEXTS; i++) {
            texts[i] = before + (1000 + i) + after;
        }
        return texts;
    }
}
