package dev.holdfast.simulation.fault;

import dev.holdfast.engine.env.Randomness;
import dev.holdfast.engine.env.simulated.SimulatedNetwork.Direction;
import dev.holdfast.simulation.fault.Fault.Disk;
import dev.holdfast.simulation.fault.Fault.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws the faults of a life. Half of the lives have their faults at any time, the others mostly at crash points. Times are such that
 * faults come on top of each other: before one is over, the next begins.
 */
final class FaultGenerator {
    /** The first moment: the job should have begun mostly, but not always. */
    private static final int FIRST_MS = 600;

    private static final int MOST_FAULTS = 9;
    private static final int LATEST_OCCURRENCE = 6;

    /** Longer than the time-outs of the simulated jobs, so that these are met. */
    private static final int LONG_MS = 35_000;

    private static final int LONG_AWAY_EVERY = 60;

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
        int count = random.nextInt(MOST_FAULTS + 1);
        long atMs = random.nextInt(FIRST_MS);
        List<PlannedFault> faults = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean onPoint = atPoints && random.nextInt(4) > 0;
            Moment moment = onPoint ? point() : new Moment.At(atMs);
            here = onPoint;
            faults.add(new PlannedFault(moment, fault()));
            atMs += random.nextInt(random.nextInt(3) == 0 ? 3_000 : 400);
        }
        if (random.nextInt(LONG_AWAY_EVERY) == 0) {
            // So that the coordinator never hears what became of the slot.
            faults.add(new PlannedFault(
                    new Moment.On(CrashPoint.AFTER_MANIFEST, 1 + random.nextInt(LATEST_OCCURRENCE)),
                    new Fault.StoreAway(Fault.COORDINATOR, 2L * LONG_MS)));
        }
        return faults;
    }

    private Moment point() {
        return new Moment.On(Choice.of(random, CrashPoint.values()), 1 + random.nextInt(LATEST_OCCURRENCE));
    }

    private Fault fault() {
        return switch (random.nextInt(28)) {
            case 0, 1, 2 -> new Fault.Kill(worker(), downMs(), disk());
            case 3 -> new Fault.Kill(Fault.COORDINATOR, downMs(), disk());
            case 4 -> new Fault.Kill(Fault.EVERYBODY, downMs(), disk());
            case 5, 6 -> new Fault.Freeze(worker(), forMs(), false);
            case 7, 8 -> new Fault.Freeze(Fault.COORDINATOR, forMs(), random.nextInt(3) > 0);
            case 9 -> new Fault.OutOfMemory(anybody(), 1 + random.nextInt(5), 1 + random.nextInt(1_500), downMs());
            case 10 -> new Fault.Leave(worker(), random.nextInt(5_000), downMs());
            case 11 -> new Fault.Twice(anybody(), forMs());
            case 12 -> new Fault.Cut(anybody(), worker());
            case 13, 14 -> new Fault.Partition(anybody(), worker(), Choice.of(random, Direction.values()), forMs());
            case 15 -> new Fault.SlowLink(anybody(), worker(), 5_000 + random.nextInt(500_000), forMs());
            case 16 -> new Fault.LongLink(anybody(), worker(), 1 + random.nextInt(400), forMs());
            case 17, 18 -> new Fault.StoreErrors(who(), 5 + random.nextInt(200), outcome(), forMs());
            case 19 ->
                random.nextInt(8) == 0
                        ? new Fault.StoreAway(who(), LONG_MS + random.nextInt(LONG_MS))
                        : new Fault.StoreAway(who(), forMs());
            case 20 -> new Fault.StoreSlow(who(), 1 + random.nextInt(300), forMs());
            case 21 ->
                random.nextInt(8) == 0
                        ? new Fault.SinkHang(LONG_MS + random.nextInt(LONG_MS))
                        : new Fault.SinkErrors(5 + random.nextInt(300), outcome(), forMs());
            case 22 -> random.nextInt(2) == 0 ? new Fault.DiskFull(worker(), forMs()) : new Fault.DiskRot(worker());
            case 23 -> new Fault.Clock(anybody(), random.nextInt(2_001) - 1_000, random.nextInt(600_000) - 300_000);
            case 24 -> new Fault.UserError();
            case 25 ->
                random.nextInt(2) == 0
                        ? new Fault.Rescale(1 + random.nextInt(4))
                        : new Fault.KillAndRescale(1 + random.nextInt(4), downMs());
            case 26 ->
                switch (random.nextInt(3)) {
                    case 0 -> new Fault.Upgrade(1 + random.nextInt(4));
                    case 1 -> new Fault.Suspend(forMs());
                    default -> new Fault.Cancel(forMs());
                };
            default -> new Fault.Snapshot();
        };
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
