package dev.holdfast.engine.graph;

/**
 * A range of key groups.
 *
 * @param from first key group, from 0
 * @param to last key group, inclusive
 */
public record KeyGroupRange(int from, int to) {

    public KeyGroupRange {
        if (from < 0 || to < from || to >= KeyGroups.MAX_KEY_GROUPS) {
            throw new IllegalArgumentException("not a range of key groups: " + from + " to " + to);
        }
    }

    public boolean contains(int keyGroup) {
        return keyGroup >= from && keyGroup <= to;
    }

    public boolean contains(KeyGroupRange other) {
        return other.from >= from && other.to <= to;
    }

    public boolean overlaps(KeyGroupRange other) {
        return from <= other.to && other.from <= to;
    }

    /** The common part; the ranges must overlap. */
    public KeyGroupRange intersection(KeyGroupRange other) {
        return new KeyGroupRange(Math.max(from, other.from), Math.min(to, other.to));
    }

    public int size() {
        return to - from + 1;
    }

    @Override
    public String toString() {
        return from + "-" + to;
    }
}
