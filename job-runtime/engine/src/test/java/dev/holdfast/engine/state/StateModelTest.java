package dev.holdfast.engine.state;

import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.simulated.MemoryDisk;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The write-back state against plain maps, on the store in memory. */
class StateModelTest {
    @Test
    void agreesWithPlainMaps() {
        Seeds.run("state", Integer.getInteger("holdfast.schedules", 90_000), StateModelTest::schedule);
    }

    static void schedule(long seed) throws Exception {
        schedule(seed, new MemoryGround());
    }

    static void schedule(long seed, Schedule.Ground ground) throws Exception {
        Chance kind = new Chance(seed ^ 0x5DEECE66DL);
        int failOneIn = kind.oneIn(3) ? 10 + kind.below(40) : 0;
        long crashAtStep = kind.oneIn(3) ? 1 + kind.below(200) : 0;
        new Schedule(seed, ground, new Schedule.Trouble(failOneIn, crashAtStep, kind.oneIn(2)))
                .run(20 + kind.below(160));
    }

    /** Disks and stores in memory. */
    static final class MemoryGround implements Schedule.Ground {
        private final Map<Integer, LocalDisk> disks = new HashMap<>();

        @Override
        public LocalDisk disk(int task) {
            return disks.computeIfAbsent(task, t -> new MemoryDisk());
        }

        @Override
        public SortedStore.Factory stores(LocalDisk disk) {
            return MemorySortedStore.factory(disk);
        }

        @Override
        public void wipe() {
            disks.clear();
        }
    }
}
