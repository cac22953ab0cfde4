package dev.holdfast.engine.state;

/**
 * The root of a list or map that lies in parts. Immutable.
 *
 * @param first index of the first part that may hold something; 0 for maps
 * @param end index after the last part
 * @param expiresMs not before the last of its elements
 */
record Split(int first, int end, long expiresMs) {
    /** A split root's own heap: the record alone. */
    static final int BYTES = 32;
}
