package dev.holdfast.simulation.fault;

/** When a fault happens. */
public sealed interface Moment {

    /** At a virtual time. */
    record At(long ms) implements Moment {}

    /** When a crash point is reached for the n-th time, counted from 1. */
    record On(CrashPoint point, int nth) implements Moment {}
}
