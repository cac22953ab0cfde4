package dev.holdfast.benchmarks.recovery;

import dev.holdfast.benchmarks.cluster.ProcessCluster;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the processes have said, as times in microseconds of the wall clock, which all of them share. */
final class RecoveryTimes {
    private static final Pattern MARK = Pattern.compile("mark subtask=(\\d+) attempt=(\\d+) at_us=(\\d+)");
    private static final Pattern PHASE = Pattern.compile("^(\\S+) DEBUG Coordinator .* (\\w+) -> (\\w+)");
    private static final Pattern DEPLOYED = Pattern.compile(
            "slot \\d+ of attempt (\\d+) is deployed: opened=(\\d+) us fetched=(\\d+) us (\\d+) bytes loaded=(\\d+) us");

    /**
     * One recovery, all in microseconds after the kill.
     *
     * @param noticed the coordinator knew
     * @param decided the old tasks had ended, the new ones were sent out
     * @param restored all tasks stood ready
     * @param running every sink task had a record
     * @param fetchedUs of this the slot that took longest fetched for so long
     * @param openedUs and opened and loaded its store for so long
     * @param fetchedBytes by all slots
     */
    record Recovery(
            long noticed,
            long decided,
            long restored,
            long running,
            long fetchedUs,
            long openedUs,
            long fetchedBytes) {}

    private final ProcessCluster cluster;

    RecoveryTimes(ProcessCluster cluster) {
        this.cluster = cluster;
    }

    static long nowUs() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    /** Null as long as not every sink task has had a record since then. */
    Optional<Recovery> since(long killedUs) {
        long attempt = 0;
        for (int subtask = 0; subtask < RecoveryOptions.WORKERS; subtask++) {
            attempt = Math.max(attempt, newestAttempt(subtask, killedUs));
        }
        long running = 0;
        for (int subtask = 0; subtask < RecoveryOptions.WORKERS; subtask++) {
            OptionalLong at = mark(subtask, attempt, killedUs);
            if (at.isEmpty()) {
                return Optional.empty();
            }
            running = Math.max(running, at.getAsLong());
        }
        long noticed = phase("RESTARTING", killedUs);
        long decided = phase("DEPLOYING", noticed);
        long restored = phase("RUNNING", decided);
        long[] slowest = slowestSlot(attempt);
        return Optional.of(new Recovery(
                noticed - killedUs,
                decided - killedUs,
                restored - killedUs,
                running - killedUs,
                slowest[0],
                slowest[1],
                slowest[2]));
    }

    /** The first change to a phase after a time; logs have milliseconds. */
    private long phase(String name, long afterUs) {
        long found = 0;
        for (String line : cluster.coordinatorLog().lines()) {
            Matcher matcher = PHASE.matcher(line);
            if (matcher.find() && matcher.group(3).equals(name)) {
                long at = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(matcher.group(1)));
                if (at >= afterUs - 1_000) {
                    return at;
                }
                found = at;
            }
        }
        return found;
    }

    private long newestAttempt(int subtask, long afterUs) {
        long newest = 0;
        for (ProcessCluster.Worker worker : cluster.workers()) {
            for (String line : worker.says().lines()) {
                Matcher matcher = MARK.matcher(line);
                if (matcher.find()
                        && Integer.parseInt(matcher.group(1)) == subtask
                        && Long.parseLong(matcher.group(3)) > afterUs) {
                    newest = Math.max(newest, Long.parseLong(matcher.group(2)));
                }
            }
        }
        return newest;
    }

    private OptionalLong mark(int subtask, long attempt, long afterUs) {
        for (ProcessCluster.Worker worker : cluster.workers()) {
            for (String line : worker.says().lines()) {
                Matcher matcher = MARK.matcher(line);
                if (matcher.find()
                        && Integer.parseInt(matcher.group(1)) == subtask
                        && Long.parseLong(matcher.group(2)) == attempt
                        && Long.parseLong(matcher.group(3)) > afterUs) {
                    return OptionalLong.of(Long.parseLong(matcher.group(3)));
                }
            }
        }
        return OptionalLong.empty();
    }

    private long[] slowestSlot(long attempt) {
        long[] slowest = new long[3];
        for (ProcessCluster.Worker worker : cluster.workers()) {
            for (String line : List.copyOf(worker.log().lines())) {
                Matcher matcher = DEPLOYED.matcher(line);
                if (matcher.find() && Long.parseLong(matcher.group(1)) == attempt) {
                    long fetched = Long.parseLong(matcher.group(3));
                    long opened = Long.parseLong(matcher.group(2)) + Long.parseLong(matcher.group(5));
                    if (fetched + opened > slowest[0] + slowest[1]) {
                        slowest[0] = fetched;
                        slowest[1] = opened;
                    }
                    slowest[2] += Long.parseLong(matcher.group(4));
                }
            }
        }
        return slowest;
    }
}
