package dev.holdfast.engine.state.rocksdb;

import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.host.DirectoryDisk;
import dev.holdfast.engine.state.SortedStore;
import dev.holdfast.engine.state.SortedStoreConformance;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class RocksSortedStoreTest extends SortedStoreConformance {
    @TempDir
    Path directory;

    @Override
    protected LocalDisk disk() {
        return new DirectoryDisk(directory);
    }

    @Override
    protected SortedStore.Factory stores(LocalDisk disk) {
        return RocksSortedStore.factory(disk);
    }
}
