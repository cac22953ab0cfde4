package dev.holdfast.simulation.audit;

/**
 * Something that must never be.
 *
 * @param invariant its name in docs/guarantees.md, such as I2
 * @param atNs virtual time
 */
public record Violation(String invariant, String text, long atNs) {
    @Override
    public String toString() {
        return invariant + " at " + atNs / 1_000_000 + " ms: " + text;
    }
}
