package dev.holdfast.engine.exchange;

/** What travels through a channel, in order. */
public sealed interface Element permits Batch, Element.Barrier, Element.Probe, Element.EndOfInput {

    /** Ends the records that belong to a checkpoint; Chandy and Lamport, "Distributed Snapshots", 1985. */
    record Barrier(long checkpointId) implements Element {}

    /**
     * Measures how long records take from a source to each task; no function sees it, and no checkpoint holds it. A task passes it
     * on by one channel of each edge, so that their number does not grow on the way.
     *
     * @param sentWallMs when its source sent it
     */
    record Probe(long sentWallMs) implements Element {}

    /** Nothing follows. */
    record EndOfInput() implements Element {}
}
