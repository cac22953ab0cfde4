package dev.holdfast.benchmarks;

/** A record of eight fields, about 100 bytes when it is encoded: a sale in a shop. */
public record Event(
        long id, long key, long timeMs, int quantity, double price, String product, String customer, String region) {
    /** The same with another key. */
    public Event withKey(long other) {
        return new Event(id, other, timeMs, quantity, price, product, customer, region);
    }
}
