package dev.holdfast.simulation.fault;

import dev.holdfast.engine.env.simulated.SimulatedRandomness;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that decides a life: the seed of the world's delays, the job, and the faults. Its text can be stored and read again.
 *
 * @param seed of all delays and choices
 * @param faults in no order: each has its moment
 */
public record Schedule(long seed, JobShape job, List<PlannedFault> faults) {
    public Schedule {
        faults = List.copyOf(faults);
    }

    /** The schedule that a seed stands for. */
    public static Schedule of(long seed) {
        SimulatedRandomness random = new SimulatedRandomness(seed);
        JobShape job = JobShape.draw(random);
        return new Schedule(seed, job, FaultGenerator.draw(random, job));
    }

    /** The same with other faults. */
    public Schedule with(List<PlannedFault> others) {
        return new Schedule(seed, job, others);
    }

    /** When the last of the faults that have a time is over, in virtual milliseconds. */
    public long lastsMs() {
        long last = 0;
        for (PlannedFault planned : faults) {
            if (planned.moment() instanceof Moment.At at) {
                last = Math.max(last, at.ms() + planned.fault().lastsMs());
            }
        }
        return last;
    }

    /** A line for the seed, one for the job, one for each fault. */
    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder("seed ").append(seed).append('\n').append(job);
        faults.forEach(fault -> text.append('\n').append(fault));
        return text.append('\n').toString();
    }

    /** Reads what {@link #toString} wrote; lines that begin with {@code #} are passed over. */
    public static Schedule parse(String text) {
        List<String> lines = text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        if (lines.size() < 2 || !lines.getFirst().startsWith("seed ")) {
            throw new IllegalArgumentException("a schedule begins with 'seed <number>' and a line for the job");
        }
        List<PlannedFault> faults = new ArrayList<>();
        for (String line : lines.subList(2, lines.size())) {
            faults.add(PlannedFault.parse(line));
        }
        return new Schedule(
                Long.parseLong(lines.getFirst().substring("seed ".length()).trim()),
                JobShape.parse(lines.get(1)),
                faults);
    }
}
