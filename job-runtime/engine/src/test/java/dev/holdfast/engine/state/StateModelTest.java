package dev.holdfast.engine.state;

import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.simulated.MemoryDisk;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The write-back state against plain maps, on the store in memory: 100,000 random schedules and one for each step of some
 * that a process can end at. Takes 30 to 60 seconds of one core.
 *
 * <p>Each of these mistakes, made on purpose, was found; the number is the schedule that found it: dirty entries evicted (2),
 * no old value kept for a flush (11), a pending list or map changed in place (42, 32), the end of reading announced too early
 * (35), segments in the wrong order (1), a fold that lets the older entry win (75), drops deletions although older segments
 * stay (81) or puts its result at the wrong place (23), a restore that copies without a filter (1,155) or takes segments
 * whole that other tasks own a part of (1,155), a list's parts off by one (3), a map split into the wrong part (1), expiries
 * not written (1, 2), an aborted checkpoint's segments taken as uploaded (1), segments deleted under a snapshot (3), entries
 * of a failed flush taken as flushed (13) or forgotten (13), their deletions left out (849), files left behind (1), expired
 * keys deleted from the store without a second look (23), entries prefetched over newer ones (3,455), keys sorted as signed
 * (5,660), a schema version not written (129), a table that forgets to shift back (25), written entries left out of the list
 * of dirty ones (3).
 */
class StateModelTest {
    @Test
    void agreesWithPlainMaps() {
        Seeds.run("state", Integer.getInteger("holdfast.schedules", 100_000), StateModelTest::schedule);
    }

    @Test
    void losesNothingWhereverTheProcessEnds() {
        Seeds.run("state, a crash at each step", 8, seed -> {
            Schedule whole = new Schedule(seed, new MemoryGround(), new Schedule.Trouble(0, 0, false));
            whole.run(120);
            for (long step = 1; step <= whole.steps(); step++) {
                try {
                    new Schedule(seed, new MemoryGround(), new Schedule.Trouble(0, step, false)).run(120);
                } catch (Throwable found) {
                    throw new AssertionError("with a crash at step " + step + " of " + whole.steps(), found);
                }
            }
        });
    }

    static void schedule(long seed) throws Exception {
        schedule(seed, new MemoryGround());
    }

    static void schedule(long seed, Schedule.Ground ground) throws Exception {
        Chance kind = new Chance(seed ^ 0x5DEECE66DL);
        int failOneIn = kind.oneIn(3) ? 10 + kind.below(40) : 0;
        long crashAtStep = kind.oneIn(3) ? 1 + kind.below(200) : 0;
        new Schedule(seed, ground, new Schedule.Trouble(failOneIn, crashAtStep, kind.oneIn(2)))
                .run(30 + kind.below(220));
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
