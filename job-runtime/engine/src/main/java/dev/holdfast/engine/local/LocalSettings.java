package dev.holdfast.engine.local;

import dev.holdfast.api.Parameters;
import dev.holdfast.engine.coordinator.JobSettings;
import dev.holdfast.engine.state.SortedStore;

/**
 * A job in one process.
 *
 * @param name of the job, for people
 * @param parameters of the program
 * @param maxParallelism number of key groups
 * @param memoryBudgetBytes for the state of all slots
 * @param stores makes the local stores of slots
 */
public record LocalSettings(
        String name,
        Parameters parameters,
        int maxParallelism,
        long memoryBudgetBytes,
        SortedStore.Factory stores,
        JobSettings job) {}
