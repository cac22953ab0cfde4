package dev.holdfast.engine.exchange;

/** What travels through a channel, in order. */
public sealed interface Element permits Batch, Element.Barrier, Element.EndOfInput {

    /** Ends the records that belong to a checkpoint; Chandy and Lamport, "Distributed Snapshots", 1985. */
    record Barrier(long checkpointId) implements Element {}

    /** Nothing follows. */
    record EndOfInput() implements Element {}
}
