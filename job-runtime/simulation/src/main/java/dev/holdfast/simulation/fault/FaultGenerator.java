package dev.holdfast.simulation.fault;

import dev.holdfast.engine.env.Randomness;
import dev.holdfast.engine.env.simulated.SimulatedNetwork.Direction;
import dev.holdfast.simulation.fault.Fault.Disk;
import dev.holdfast.simulation.fault.Fault.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Draws the faults of a life. Each life has a few kinds of faults, and many of them (Groce et al., "Swarm Testing", 2012): what happens
 * only if one thing comes again and again is met that way. Half of the lives have their faults at any time, the others mostly at crash points. Times are such that
 * faults come on top of each other: before one is over, the next begins.
 */
final class FaultGenerator {
    /** The first moment: the job should have begun mostly, but not always. */
    private static final int FIRST_MS = 600;

    private static final int MOST_FAULTS = 9;
    private static final int KINDS = 30;
    private static final int MOST_KINDS = 6;
    private static final int LATEST_OCCURRENCE = 6;

    /** Longer than the time-outs of the simulated jobs, so that these are met. */
    private static final int LONG_MS = 35_000;

    private static final int LONG_AWAY_EVERY = 60;
    private static final int SLEEPER_EVERY = 12;

    private final Randomness random;
    private final JobShape job;
    private boolean here;

    private FaultGenerator(Randomness random, JobShape job) {
        this.random = random;
        this.job = job;
    }

    static List<PlannedFault> draw(Randomness random, JobShape job) {
        return new FaultGenerator(random, job).draw();
    }

    private List<PlannedFault> draw() {
        boolean atPoints = random.nextInt(2) == 0;
        int[] kinds = new int[1 + random.nextInt(MOST_KINDS)];
        Arrays.setAll(kinds, i -> random.nextInt(KINDS));
        int count = random.nextInt(MOST_FAULTS + 1);
        long atMs = random.nextInt(FIRST_MS);
        List<PlannedFault> faults = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean onPoint = atPoints && random.nextInt(4) > 0;
            Moment moment = onPoint ? point() : new Moment.At(atMs);
            here = onPoint;
            faults.add(new PlannedFault(moment, fault(kinds[random.nextInt(kinds.length)])));
            atMs += random.nextInt(random.nextInt(3) == 0 ? 3_000 : 400);
        }
        if (random.nextInt(LONG_AWAY_EVERY) == 0) {
            // So that the coordinator never hears what became of the slot.
            faults.add(new PlannedFault(
                    new Moment.On(CrashPoint.AFTER_MANIFEST, 1 + random.nextInt(LATEST_OCCURRENCE)),
                    new Fault.StoreAway(Fault.COORDINATOR, 2L * LONG_MS)));
        }
        if (random.nextInt(SLEEPER_EVERY) == 0) {
            // It wakes up about to write a slot that its successor has written, and perhaps deleted.
            faults.add(new PlannedFault(
                    new Moment.On(CrashPoint.AFTER_MANIFEST, 1 + random.nextInt(LATEST_OCCURRENCE)),
                    new Fault.Freeze(Fault.COORDINATOR, 1_500 + random.nextInt(5_000), true)));
        }
        return faults;
    }

    private Moment point() {
        return new Moment.On(Choice.of(random, CrashPoint.values()), 1 + random.nextInt(LATEST_OCCURRENCE));
    }

    private Fault fault(int kind) {
        return switch (kind) {
            case 0, 1 -> new Fault.Kill(worker(), downMs(), disk());
            case 2 -> new Fault.Kill(Fault.COORDINATOR, downMs(), disk());
            case 3 -> new Fault.Kill(Fault.EVERYBODY, downMs(), disk());
            case 4 -> new Fault.KillAndRescale(1 + random.nextInt(4), downMs());
            case 5 -> new Fault.Freeze(worker(), forMs(), false);
            case 6, 7 -> new Fault.Freeze(Fault.COORDINATOR, forMs(), random.nextInt(3) > 0);
            case 8 -> new Fault.OutOfMemory(anybody(), 1 + random.nextInt(5), 1 + random.nextInt(1_500), downMs());
            case 9 -> new Fault.Leave(worker(), random.nextInt(5_000), downMs());
            case 10 -> new Fault.Twice(anybody(), forMs());
            case 11 -> new Fault.Cut(anybody(), worker());
            case 12, 13 -> new Fault.Partition(anybody(), worker(), Choice.of(random, Direction.values()), forMs());
            case 14 -> new Fault.SlowLink(anybody(), worker(), 5_000 + random.nextInt(500_000), forMs());
            case 15 -> new Fault.LongLink(anybody(), worker(), 1 + random.nextInt(400), forMs());
            case 16, 17 -> new Fault.StoreErrors(who(), 5 + random.nextInt(200), outcome(), forMs());
            case 18 -> new Fault.StoreAway(who(), rarely() ? longMs() : forMs());
            case 19 -> new Fault.StoreSlow(who(), 1 + random.nextInt(300), forMs());
            case 20 ->
                rarely()
                        ? new Fault.SinkHang(longMs())
                        : new Fault.SinkErrors(5 + random.nextInt(300), outcome(), forMs());
            case 21 -> new Fault.DiskFull(worker(), forMs());
            case 22 -> new Fault.DiskRot(worker());
            case 23 -> new Fault.Clock(anybody(), random.nextInt(2_001) - 1_000, random.nextInt(600_000) - 300_000);
            case 24 -> new Fault.UserError();
            case 25 -> new Fault.Rescale(1 + random.nextInt(4));
            case 26 -> new Fault.Upgrade(1 + random.nextInt(4));
            case 27 -> new Fault.Suspend(forMs());
            case 28 -> new Fault.Cancel(forMs());
            default -> new Fault.Snapshot();
        };
    }

    /** Long faults cost much virtual time. */
    private boolean rarely() {
        return random.nextInt(16) == 0;
    }

    private long longMs() {
        return (long) LONG_MS + random.nextInt(LONG_MS);
    }

    private int worker() {
        if (here && random.nextInt(2) == 0) {
            return Fault.HERE;
        }
        return random.nextInt(job.parallelism() + job.spares());
    }

    private int anybody() {
        return random.nextInt(3) == 0 ? Fault.COORDINATOR : worker();
    }

    private int who() {
        return random.nextInt(2) == 0 ? Fault.EVERYBODY : anybody();
    }

    private long downMs() {
        return random.nextInt(2) == 0 ? 0 : random.nextInt(3_000);
    }

    private long forMs() {
        return 1L + random.nextInt(random.nextInt(3) == 0 ? 12_000 : 1_500);
    }

    private Disk disk() {
        return Choice.of(random, Disk.values());
    }

    private Outcome outcome() {
        return Choice.of(random, Outcome.values());
    }
}
