package dev.holdfast.engine.env;

/**
 * Everything that one process of the engine gets from outside.
 *
 * @param clock time
 * @param randomness chance and unique names
 * @param loops threads for loops
 * @param blocking where calls go that may block
 * @param disk files of this process; their loss costs time, never data
 * @param store the job's bucket (or its twin)
 */
public record Env(
        Clock clock, Randomness randomness, Loops loops, BlockingCalls blocking, LocalDisk disk, ObjectStore store) {}
