package dev.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.env.simulated.SimulatedNetwork.Direction;
import dev.holdfast.simulation.fault.CrashPoint;
import dev.holdfast.simulation.fault.Fault;
import dev.holdfast.simulation.fault.Fault.Disk;
import dev.holdfast.simulation.fault.JobShape;
import dev.holdfast.simulation.fault.JobShape.SinkKind;
import dev.holdfast.simulation.fault.JobShape.Workload;
import dev.holdfast.simulation.fault.Moment;
import dev.holdfast.simulation.fault.PlannedFault;
import dev.holdfast.simulation.fault.Schedule;
import dev.holdfast.simulation.run.Life;
import dev.holdfast.simulation.run.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The crash matrix: each moment of the commit protocol, times each way to fail, for each kind of sink, with both programs. A cell passes
 * if its fault really happened at its moment, and the life violates nothing.
 */
class CrashMatrixTest {
    private static final long DOWN_MS = 300;
    private static final long APART_MS = 3_500;
    private static final long TRANSACTION_MS = 3_000;

    /** Checkpoints before it, so that there is something to lose. */
    private static final int NTH = 3;

    /** An idempotent sink has no second phase. */
    private static final Set<CrashPoint> OF_SECOND_PHASE =
            EnumSet.of(CrashPoint.HALF_COMMITTED, CrashPoint.BEFORE_MARKER, CrashPoint.AFTER_MARKER);

    /** A moment that is set up by faults of its own. */
    private record Setting(String name, CrashPoint point, int nth, List<PlannedFault> before) {}

    private static final List<Setting> SETTINGS = List.of(
            at("1 before the barrier", CrashPoint.BEFORE_BARRIER),
            at("2 after the barrier, before the sink prepares", CrashPoint.BEFORE_PREPARE),
            at("3 after the sink has prepared, before the acknowledgement", CrashPoint.AFTER_PREPARE),
            at("4 after the acknowledgements, before the manifest", CrashPoint.BEFORE_MANIFEST),
            at("5 after the manifest, before the log slot", CrashPoint.AFTER_MANIFEST),
            at("6 after the log slot, before any commit", CrashPoint.AFTER_SLOT),
            at("7 some tasks have committed", CrashPoint.HALF_COMMITTED),
            at("8 all have committed, before the marker", CrashPoint.BEFORE_MARKER),
            at("9 after the marker", CrashPoint.AFTER_MARKER),
            at("10 while objects are collected", CrashPoint.COLLECTING),
            new Setting(
                    "11 at a restore, before what was decided is committed again",
                    CrashPoint.AFTER_BEGIN,
                    2,
                    List.of(killed(CrashPoint.AFTER_SLOT))),
            new Setting(
                    "12 at the second restore from one checkpoint",
                    CrashPoint.RESTORED,
                    2,
                    List.of(
                            killed(CrashPoint.AFTER_SLOT),
                            new PlannedFault(
                                    new Moment.On(CrashPoint.AFTER_BEGIN, 2),
                                    new Fault.Kill(Fault.EVERYBODY, DOWN_MS, Disk.KEPT)))),
            new Setting(
                    "13a at a restore with fewer tasks",
                    CrashPoint.RESTORED,
                    2,
                    List.of(new PlannedFault(
                            new Moment.On(CrashPoint.AFTER_SLOT, NTH), new Fault.KillAndRescale(1, DOWN_MS)))),
            new Setting(
                    "13b at a restore with more tasks",
                    CrashPoint.RESTORED,
                    2,
                    List.of(new PlannedFault(
                            new Moment.On(CrashPoint.AFTER_SLOT, NTH), new Fault.KillAndRescale(4, DOWN_MS)))),
            new Setting(
                    "14 while a worker sleeps that wakes up in another generation",
                    CrashPoint.RESTORED,
                    2,
                    List.of(
                            new PlannedFault(
                                    new Moment.On(CrashPoint.AFTER_PREPARE, NTH),
                                    new Fault.Freeze(Fault.HERE, 6_000, false)),
                            new PlannedFault(
                                    new Moment.On(CrashPoint.AFTER_PREPARE, NTH),
                                    new Fault.Kill(Fault.COORDINATOR, DOWN_MS, Disk.NEW)))));

    private static final Map<String, List<Fault>> FAULTS = Map.of(
            "kill a worker",
            List.of(new Fault.Kill(Fault.HERE, DOWN_MS, Disk.KEPT)),
            "kill the coordinator",
            List.of(new Fault.Kill(Fault.COORDINATOR, DOWN_MS, Disk.NEW)),
            "partition from the coordinator",
            List.of(new Fault.Partition(Fault.HERE, Fault.COORDINATOR, Direction.BOTH, APART_MS)),
            "partition from the store",
            List.of(new Fault.StoreAway(Fault.HERE, APART_MS)),
            "freeze and wake",
            List.of(new Fault.Freeze(Fault.HERE, APART_MS, true)));

    private static Setting at(String name, CrashPoint point) {
        return new Setting(name, point, NTH, List.of());
    }

    private static PlannedFault killed(CrashPoint point) {
        return new PlannedFault(new Moment.On(point, NTH), new Fault.Kill(Fault.EVERYBODY, DOWN_MS, Disk.KEPT));
    }

    @BeforeAll
    static void quiet() {
        java.util.logging.LogManager.getLogManager().reset();
    }

    @TestFactory
    Stream<DynamicContainer> nothingIsLostOrDoubled() {
        return Stream.of(SinkKind.values())
                .map(sink -> DynamicContainer.dynamicContainer(
                        sink.name(),
                        SETTINGS.stream()
                                .flatMap(setting -> FAULTS.keySet().stream()
                                        .sorted()
                                        .map(fault -> DynamicTest.dynamicTest(
                                                sink + ", " + setting.name() + ": " + fault,
                                                () -> cell(sink, setting, fault))))));
    }

    private static void cell(SinkKind sink, Setting setting, String fault) {
        for (Workload workload : Workload.values()) {
            List<PlannedFault> faults = new ArrayList<>(setting.before());
            for (Fault each : FAULTS.get(fault)) {
                faults.add(new PlannedFault(new Moment.On(setting.point(), setting.nth()), victimOf(each, setting)));
            }
            Schedule schedule = new Schedule(7, job(workload, sink, 0), faults);
            Verdict verdict = Life.live(schedule);
            assertThat(verdict.violation()).as("%s", schedule).isEmpty();
            if (sink == SinkKind.IDEMPOTENT && OF_SECOND_PHASE.contains(setting.point())) {
                assertThat(verdict.counts()).as("%s", schedule).doesNotContainKey("point " + setting.point());
            } else {
                assertThat(verdict.counts().getOrDefault("fault at " + setting.point(), 0L))
                        .as("%s: faults at their moment", schedule)
                        .isGreaterThanOrEqualTo(1);
            }
        }
    }

    /** A coordinator's own moments hit a worker by its number where a worker is meant. */
    private static Fault victimOf(Fault fault, Setting setting) {
        boolean ofWorker = EnumSet.of(CrashPoint.BEFORE_PREPARE, CrashPoint.AFTER_PREPARE, CrashPoint.HALF_COMMITTED)
                .contains(setting.point());
        if (fault instanceof Fault.Kill kill && kill.who() == Fault.HERE && !ofWorker) {
            return new Fault.Kill(0, kill.downMs(), kill.disk());
        }
        if (fault instanceof Fault.Partition partition && !ofWorker) {
            return new Fault.Partition(0, Fault.COORDINATOR, partition.direction(), partition.forMs());
        }
        return fault;
    }

    private static JobShape job(Workload workload, SinkKind sink, long transactionMs) {
        return new JobShape(workload, sink, 2, 1, 1, 150, 7, 0, 8_000, 1 << 20, true, 40, 1, 3, 2, transactionMs, 30);
    }

    /** 15: the system behind the sink has given the transactions up while the job was down. What cannot be committed is told. */
    @TestFactory
    Stream<DynamicTest> aTransactionThatHasExpiredFailsTheJobLoudly() {
        return Stream.of(SinkKind.values())
                .map(sink -> DynamicTest.dynamicTest("15 " + sink, () -> {
                    for (Workload workload : Workload.values()) {
                        Fault down = new Fault.Kill(Fault.EVERYBODY, 2 * TRANSACTION_MS, Disk.KEPT);
                        Schedule schedule = new Schedule(
                                7,
                                job(workload, sink, TRANSACTION_MS),
                                List.of(new PlannedFault(new Moment.On(CrashPoint.AFTER_SLOT, NTH), down)));
                        Verdict verdict = Life.live(schedule);
                        assertThat(verdict.violation()).as("%s", schedule).isEmpty();
                        boolean expires = sink == SinkKind.TRANSACTIONAL || sink == SinkKind.TWO_PHASE;
                        assertThat(verdict.counts().containsKey("failed loudly"))
                                .as("%s: the job fails", schedule)
                                .isEqualTo(expires);
                    }
                }));
    }
}
