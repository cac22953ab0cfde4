package dev.holdfast.simulation;

import dev.holdfast.simulation.fault.Schedule;
import dev.holdfast.simulation.fault.Shrinker;
import dev.holdfast.simulation.run.Life;
import dev.holdfast.simulation.run.Lives;
import dev.holdfast.simulation.run.Report;
import dev.holdfast.simulation.run.Story;
import dev.holdfast.simulation.run.Tally;
import dev.holdfast.simulation.run.Verdict;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * The command behind {@code make sim}: lives many seeds, or replays one.
 *
 * <p>Exit codes: 0 nothing was violated, 1 something was, 2 the options are wrong.
 */
@CommandLine.Command(name = "sim", description = "Lets jobs live in a simulated world, and looks for what must not be.")
public final class Simulation implements Callable<Integer> {
    private static final int STORY_LINES = 200;

    @Option(names = "--minutes", description = "How long to go on; 1 unless set.")
    private double minutes = 1;

    @Option(names = "--seeds", description = "How many seeds, instead of a time.")
    private long seeds;

    @Option(names = "--first-seed", description = "The first seed; by the clock unless set.")
    private @Nullable Long firstSeed;

    @Option(names = "--threads", description = "Lives at once; one for each core unless set.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--seed", description = "Replays one seed, and tells its last moments.")
    private @Nullable Long seed;

    @Option(names = "--schedule", description = "Replays a schedule from a file, and tells its last moments.")
    private @Nullable Path schedule;

    @Option(names = "--failures", description = "Directory where failing schedules are kept.")
    private Path failures = Path.of("job-runtime/simulation/target/failures");

    @Option(names = "--forever", description = "Goes on after a failure, and reports each minute.")
    private boolean forever;

    @Option(names = "--trace", description = "With --seed or --schedule: writes the whole event log to this file.")
    private @Nullable Path trace;

    private final PrintStream out = System.out;
    private final Tally tally = new Tally();

    public static void main(String[] arguments) {
        // The engine's own log lines are about real processes; the story has what matters.
        LogManager.getLogManager().reset();
        System.exit(new CommandLine(new Simulation()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Schedule one = schedule == null ? null : Schedule.parse(Files.readString(schedule));
        if (seed != null) {
            one = Schedule.of(seed);
        }
        return one == null ? many() : replay(one);
    }

    private int replay(Schedule one) throws IOException {
        Verdict verdict = Life.tell(one);
        out.print(one);
        Story.of(verdict, STORY_LINES).forEach(out::println);
        if (trace != null) {
            Files.write(trace, verdict.trace());
        }
        out.println();
        tally.add(verdict);
        Report.of(tally).forEach(out::println);
        verdict.violation().ifPresent(violation -> out.println("VIOLATION of " + violation));
        return verdict.violation().isPresent() ? 1 : 0;
    }

    private int many() throws Exception {
        long first = firstSeed == null ? System.currentTimeMillis() : firstSeed;
        out.println("first seed " + first + ", " + threads + " lives at once");
        AtomicLong begun = new AtomicLong();
        long endNs = System.nanoTime() + (long) (minutes * 60e9);
        BooleanSupplier enough = () -> {
            if (!forever && !tally.violations().isEmpty()) {
                return true;
            }
            return seeds > 0 ? begun.getAndIncrement() >= seeds : !forever && System.nanoTime() > endNs;
        };
        AtomicLong reportedNs = new AtomicLong(System.nanoTime());
        new Lives(first, threads, verdict -> {
                    tally.add(verdict);
                    verdict.violation().ifPresent(violation -> failed(verdict));
                    long lastNs = reportedNs.get();
                    boolean due =
                            System.nanoTime() - lastNs > Duration.ofMinutes(1).toNanos();
                    if (due && reportedNs.compareAndSet(lastNs, System.nanoTime())) {
                        out.println(
                                tally.lives() + " seeds, " + tally.violations().size() + " violations");
                    }
                })
                .run(enough);
        out.println();
        Report.of(tally).forEach(out::println);
        return tally.violations().isEmpty() ? 0 : 1;
    }

    /** Cuts a failing schedule down, keeps it, and says how to replay it. */
    private void failed(Verdict verdict) {
        String invariant = verdict.violation().orElseThrow().invariant();
        Shrinker shrinker = new Shrinker(candidate -> Life.live(candidate)
                .violation()
                .filter(found -> found.invariant().equals(invariant))
                .isPresent());
        Schedule shortest = shrinker.shrink(verdict.schedule());
        String name = "seed-" + verdict.schedule().seed() + ".schedule";
        String text = "# "
                + verdict.violation()
                        .orElseThrow()
                        .toString()
                        .lines()
                        .findFirst()
                        .orElse("") + "\n" + shortest;
        Optional<String> kept = keep(name, text);
        synchronized (out) {
            out.println("VIOLATION with seed " + verdict.schedule().seed() + ": "
                    + verdict.violation().orElseThrow());
            out.println("make sim SEED=" + verdict.schedule().seed() + " replays it. Cut down from "
                    + verdict.schedule().faults().size() + " faults by " + shrinker.tries() + " lives"
                    + kept.map(file -> ", kept in " + file + " (make sim SCHEDULE=" + file + ")")
                            .orElse("") + ":");
            out.print(shortest);
        }
    }

    private Optional<String> keep(String name, String text) {
        try {
            Files.createDirectories(failures);
            return Optional.of(Files.writeString(failures.resolve(name), text).toString());
        } catch (IOException e) {
            out.println("cannot keep the schedule in " + failures + ": " + e);
            return Optional.empty();
        }
    }
}
