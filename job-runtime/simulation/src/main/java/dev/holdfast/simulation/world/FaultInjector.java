package dev.holdfast.simulation.world;

import dev.holdfast.engine.coordinator.Operation;
import dev.holdfast.engine.env.simulated.SimulatedProcess;
import dev.holdfast.simulation.fault.Fault;
import dev.holdfast.simulation.fault.Moment;
import dev.holdfast.simulation.fault.PlannedFault;
import dev.holdfast.simulation.fault.Schedule;
import dev.holdfast.simulation.world.Troubles.Trouble;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Does what a schedule says, when it says it, and mends everything in the end. */
public final class FaultInjector {
    private static final long MS = 1_000_000;

    /** A crash point that was not reached by then will hardly be. */
    private static final long POINTS_WITHIN_NS = 15_000 * MS;

    private final Cluster cluster;
    private final JobOperator operator;
    private final List<PlannedFault> atPoints = new ArrayList<>();
    private final List<SimulatedProcess> frozen = new ArrayList<>();
    private final List<String[]> links = new ArrayList<>();
    private long overNs;
    private int unreached;
    private boolean mended;
    private int ends;

    public FaultInjector(Cluster cluster, Schedule schedule) {
        this.cluster = cluster;
        this.operator = new JobOperator(cluster);
        overNs = schedule.lastsMs() * MS;
        for (PlannedFault planned : schedule.faults()) {
            switch (planned.moment()) {
                case Moment.At at ->
                    cluster.world().after(at.ms() * MS, () -> {
                        if (!mended) {
                            apply(planned.fault(), null);
                        }
                    });
                case Moment.On on -> {
                    atPoints.add(planned);
                    unreached++;
                }
            }
        }
        cluster.points().listen((point, nth, process) -> {
            for (PlannedFault planned : atPoints) {
                if (!mended && planned.moment() instanceof Moment.On on && on.point() == point && on.nth() == nth) {
                    unreached--;
                    cluster.audit().count("fault at " + point);
                    apply(planned.fault(), process);
                }
            }
        });
    }

    /** Whether everything has happened that was planned, and is over; what waits for a crash point waits no longer than a while. */
    public boolean isOver() {
        long nowNs = cluster.world().nowNs();
        return nowNs >= overNs && (unreached == 0 || nowNs >= POINTS_WITHIN_NS);
    }

    /** Whether nothing is under way that stops the job on purpose. */
    public boolean isQuiet() {
        return operator.isIdle();
    }

    /** Asks an endless job to end, now that all of its output is there. */
    public void end(boolean withSavepoint) {
        String name = "last" + ++ends;
        cluster.pods()
                .coordinating()
                .ifPresent(coordinator -> coordinator
                        .control()
                        .request(
                                withSavepoint
                                        ? new Operation.Request(Operation.Kind.STOP, Optional.of(name), name)
                                        : new Operation.Request(Operation.Kind.DRAIN, Optional.empty(), name),
                                answer -> cluster.world().note("operator: the end: " + answer)));
    }

    /** From now on nothing goes wrong any more. */
    public void mend() {
        mended = true;
        cluster.world().note("all faults are mended");
        cluster.storeTroubles().clear();
        cluster.systems().troubles().clear();
        cluster.systems().shared().throwSoon = false;
        links.forEach(pair -> cluster.network().heal(pair[0], pair[1]));
        List.copyOf(frozen).forEach(SimulatedProcess::wake);
        cluster.pods().processes().forEach(process -> process.disk().setFull(false));
        cluster.pods().hurry();
    }

    private void after(long ms, Runnable action) {
        cluster.world().after(ms * MS, action);
    }

    private void apply(Fault fault, @Nullable SimulatedProcess here) {
        cluster.audit().count("fault " + fault.getClass().getSimpleName());
        overNs = Math.max(overNs, cluster.world().nowNs() + fault.lastsMs() * MS);
        cluster.world().note("fault: " + fault + (here == null ? "" : " at " + here.name()));
        switch (fault) {
            case Fault.Kill kill -> {
                if (kill.who() == Fault.EVERYBODY && kill.disk() == Fault.Disk.CRASHED) {
                    cluster.world().after(0, cluster.systems()::crashFiles);
                }
                victims(kill.who(), here).forEach(pod -> kill(pod, kill.downMs(), kill.disk()));
            }
            case Fault.KillAndRescale rescale -> {
                cluster.pods().setParallelism(rescale.parallelism());
                victims(Fault.EVERYBODY, here).forEach(pod -> kill(pod, rescale.downMs(), Fault.Disk.KEPT));
            }
            case Fault.Freeze freeze -> freeze(freeze, here);
            case Fault.OutOfMemory out -> victims(out.who(), here).forEach(pod -> exhaust(pod, out, out.pauses()));
            case Fault.Leave leave ->
                victims(leave.who(), here)
                        .forEach(pod -> pod.working().ifPresent(worker -> {
                            cluster.pods().hold(pod, leave.downMs(), Fault.Disk.NEW);
                            worker.leave("it is told to", leave.patienceMs());
                        }));
            case Fault.Twice twice ->
                victims(twice.who(), here)
                        .forEach(pod -> pod.process().ifPresent(older -> {
                            cluster.world().after(0, () -> cluster.pods().startAnother(pod));
                            after(twice.forMs(), older::kill);
                        }));
            case Fault.Cut cut ->
                pair(cut.who(), cut.other(), here)
                        .ifPresent(p -> cluster.network().cut(p[0], p[1]));
            case Fault.Partition partition ->
                link(
                        partition.who(),
                        partition.other(),
                        here,
                        partition.forMs(),
                        pair -> cluster.network().partition(pair[0], pair[1], partition.direction()));
            case Fault.SlowLink slow ->
                link(
                        slow.who(),
                        slow.other(),
                        here,
                        slow.forMs(),
                        pair -> cluster.network().slow(pair[0], pair[1], slow.bytesPerSecond()));
            case Fault.LongLink longer ->
                link(
                        longer.who(),
                        longer.other(),
                        here,
                        longer.forMs(),
                        pair -> cluster.network().delay(pair[0], pair[1], longer.latencyMs() * MS));
            case Fault.StoreErrors errors ->
                trouble(
                        cluster.storeTroubles(),
                        new Trouble.Errors(those(errors.who(), here), errors.perThousand(), errors.outcome()),
                        errors.forMs());
            case Fault.StoreAway away ->
                trouble(cluster.storeTroubles(), new Trouble.Away(those(away.who(), here)), away.forMs());
            case Fault.StoreSlow slow ->
                trouble(
                        cluster.storeTroubles(),
                        new Trouble.Slow(those(slow.who(), here), slow.latencyMs()),
                        slow.forMs());
            case Fault.SinkErrors errors ->
                trouble(
                        cluster.systems().troubles(),
                        new Trouble.Errors(process -> true, errors.perThousand(), errors.outcome()),
                        errors.forMs());
            case Fault.SinkHang hang ->
                trouble(
                        cluster.systems().troubles(),
                        new Trouble.Hang(process -> true, cluster.world().nowNs() + hang.forMs() * MS),
                        hang.forMs());
            case Fault.DiskFull full ->
                victims(full.who(), here)
                        .forEach(pod -> pod.process().ifPresent(process -> {
                            process.disk().setFull(true);
                            after(full.forMs(), () -> process.disk().setFull(false));
                        }));
            case Fault.DiskRot rot ->
                victims(rot.who(), here)
                        .forEach(pod -> pod.process()
                                .ifPresent(process ->
                                        process.disk().rot(process.env().randomness())));
            case Fault.Clock clock ->
                victims(clock.who(), here)
                        .forEach(pod ->
                                pod.process().ifPresent(process -> process.setClock(clock.ppm(), clock.wallJumpMs())));
            case Fault.UserError error -> cluster.systems().shared().throwSoon = true;
            case Fault.Rescale rescale ->
                cluster.pods()
                        .coordinating()
                        .ifPresent(coordinator -> coordinator
                                .control()
                                .request(
                                        Operation.Request.rescale(rescale.parallelism(), ""),
                                        answer -> cluster.world().note("operator: " + rescale + ": " + answer)));
            case Fault.Upgrade upgrade ->
                operator.begin(new JobOperator.Plan(Operation.Kind.STOP, 1, upgrade.parallelism(), true));
            case Fault.Suspend suspend ->
                operator.begin(new JobOperator.Plan(
                        Operation.Kind.STOP, suspend.forMs(), cluster.pods().parallelism(), false));
            case Fault.Cancel cancel ->
                operator.begin(new JobOperator.Plan(
                        Operation.Kind.CANCEL, cancel.forMs(), cluster.pods().parallelism(), false));
            case Fault.Snapshot snapshot -> operator.snapshot();
        }
    }

    /** The last thing done is the kill: it does not return where the process kills itself. */
    private void kill(Pods.Pod pod, long downMs, Fault.Disk disk) {
        cluster.pods().hold(pod, downMs, disk);
        pod.process().ifPresent(process -> {
            if (disk == Fault.Disk.CRASHED) {
                cluster.world().after(0, () -> cluster.systems().crashFilesOf(process));
            }
            process.kill();
        });
    }

    private void freeze(Fault.Freeze freeze, @Nullable SimulatedProcess here) {
        for (Pods.Pod pod : victims(freeze.who(), here)) {
            pod.process().filter(SimulatedProcess::isAlive).ifPresent(process -> {
                process.freeze();
                frozen.add(process);
                after(freeze.forMs(), process::wake);
                if (freeze.successor() && pod == cluster.pods().coordinatorPod()) {
                    cluster.world().after(0, () -> cluster.pods().startAnother(pod));
                }
            });
        }
    }

    /** Pauses as long as the times between them, then the end. */
    private void exhaust(Pods.Pod pod, Fault.OutOfMemory out, int pauses) {
        pod.process().filter(SimulatedProcess::isAlive).ifPresent(process -> {
            if (pauses == 0) {
                kill(pod, out.downMs(), Fault.Disk.KEPT);
                return;
            }
            process.freeze();
            frozen.add(process);
            after(out.pauseMs(), process::wake);
            after(2 * out.pauseMs(), () -> {
                if (!mended && pod.process().filter(process::equals).isPresent()) {
                    exhaust(pod, out, pauses - 1);
                }
            });
        });
    }

    private void trouble(Troubles troubles, Trouble trouble, long forMs) {
        troubles.begin(trouble);
        after(forMs, () -> troubles.end(trouble));
    }

    private void link(int who, int other, @Nullable SimulatedProcess here, long forMs, Consumer<String[]> change) {
        pair(who, other, here).ifPresent(pair -> {
            change.accept(pair);
            links.add(pair);
            after(forMs, () -> cluster.network().heal(pair[0], pair[1]));
        });
    }

    private Optional<String[]> pair(int who, int other, @Nullable SimulatedProcess here) {
        List<Pods.Pod> first = victims(who, here);
        List<Pods.Pod> second = victims(other, here);
        if (first.isEmpty() || second.isEmpty()) {
            return Optional.empty();
        }
        Pods.Pod one = first.getFirst();
        Pods.Pod two = second.getFirst() == one ? cluster.pods().coordinatorPod() : second.getFirst();
        if (one == two) {
            two = cluster.pods().workerPods().getFirst();
        }
        Optional<String> to = two.process().map(SimulatedProcess::name);
        return one.process().map(SimulatedProcess::name).flatMap(name -> to.map(b -> new String[] {name, b}));
    }

    private Predicate<SimulatedProcess> those(int who, @Nullable SimulatedProcess here) {
        if (who == Fault.EVERYBODY) {
            return process -> true;
        }
        List<SimulatedProcess> processes = victims(who, here).stream()
                .flatMap(pod -> pod.process().stream())
                .toList();
        return processes::contains;
    }

    private List<Pods.Pod> victims(int who, @Nullable SimulatedProcess here) {
        Pods pods = cluster.pods();
        if (who == Fault.HERE && here != null) {
            return pods.podOf(here).map(List::of).orElse(List.of());
        }
        if (who == Fault.COORDINATOR) {
            return List.of(pods.coordinatorPod());
        }
        List<Pods.Pod> alive = pods.workerPods().stream().filter(Pods.Pod::isUp).toList();
        if (who == Fault.EVERYBODY) {
            List<Pods.Pod> everybody = new ArrayList<>(alive);
            everybody.add(pods.coordinatorPod());
            // A process that kills itself does nothing afterwards.
            everybody.sort(Comparator.comparing(
                    pod -> here != null && pod.process().filter(here::equals).isPresent()));
            return everybody;
        }
        return alive.isEmpty() ? List.of() : List.of(alive.get(Math.floorMod(who, alive.size())));
    }
}
