package dev.holdfast.engine.state;

import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.simulated.MemoryDisk;

class MemorySortedStoreTest extends SortedStoreConformance {
    @Override
    protected LocalDisk disk() {
        return new MemoryDisk();
    }

    @Override
    protected SortedStore.Factory stores(LocalDisk disk) {
        return MemorySortedStore.factory(disk);
    }
}
