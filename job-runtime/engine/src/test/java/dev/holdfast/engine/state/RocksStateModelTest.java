package dev.holdfast.engine.state;

import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.host.DirectoryDisk;
import dev.holdfast.engine.state.rocksdb.RocksSortedStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The write-back state against plain maps, on RocksDB and real files: 300 schedules, about 30 seconds. */
class RocksStateModelTest {
    @TempDir
    Path directory;

    @Test
    void agreesWithPlainMaps() {
        Seeds.run("state on RocksDB", Integer.getInteger("holdfast.rocks.schedules", 300), this::schedule);
    }

    void schedule(long seed) throws Exception {
        StateModelTest.schedule(seed, new DirectoryGround(directory));
    }

    /** Directories and RocksDB. */
    record DirectoryGround(Path directory) implements Schedule.Ground {
        @Override
        public LocalDisk disk(int task) {
            return new DirectoryDisk(directory.resolve("disk" + task));
        }

        @Override
        public SortedStore.Factory stores(LocalDisk disk) {
            return RocksSortedStore.factory(disk);
        }

        @Override
        public void wipe() {
            for (int task = 0; task < 8; task++) {
                disk(task).delete("");
            }
        }
    }
}
