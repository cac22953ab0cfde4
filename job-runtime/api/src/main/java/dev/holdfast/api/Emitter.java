package dev.holdfast.api;

/** Gives access to side outputs. */
public interface Emitter {

    /** Emits a value to a side output. Dropped, and counted, where the program does not read that output. */
    <T> void emit(SideOutput<T> side, T value);
}
