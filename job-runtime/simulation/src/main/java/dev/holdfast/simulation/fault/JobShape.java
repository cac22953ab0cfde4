package dev.holdfast.simulation.fault;

import dev.holdfast.engine.env.Randomness;

/**
 * The job of a life: its program, and how it is run. Drawn from the seed, and a value, so that a crash matrix can ask for one.
 *
 * @param workload what the program does
 * @param sink what its output goes to
 * @param parallelism of operators that set none, at the beginning
 * @param slots of each worker
 * @param spares workers more than are needed
 * @param records that each source gives
 * @param keys over which they are spread
 * @param fillerBytes that each record carries
 * @param pauseUs of a source after some four records
 * @param memoryBytes for the state of a worker
 * @param smallFiles whether state is cut into small files and parts, as a large state would be
 * @param intervalMs of checkpoints
 * @param concurrent checkpoints that may be pending at once
 * @param tolerable failures of checkpoints in a row
 * @param retained checkpoints
 * @param transactionMs after which the system behind a sink gives a transaction up; 0 for never
 * @param startMs that a pod takes to start, at most
 */
public record JobShape(
        Workload workload,
        SinkKind sink,
        int parallelism,
        int slots,
        int spares,
        int records,
        int keys,
        int fillerBytes,
        int pauseUs,
        long memoryBytes,
        boolean smallFiles,
        long intervalMs,
        int concurrent,
        int tolerable,
        int retained,
        long transactionMs,
        long startMs) {

    /** Programs. */
    public enum Workload {
        /** Every kind of state, a union, a broadcast stream, a side output, two sinks. Bounded. */
        EVERYTHING,
        /** Pairs of two streams over few, unequal keys; splits are found while it runs. Endless. */
        PAIRS
    }

    /** Kinds of sinks. */
    public enum SinkKind {
        TRANSACTIONAL,
        TWO_PHASE,
        IDEMPOTENT,
        FILES
    }

    /** Draws one. */
    public static JobShape draw(Randomness random) {
        Workload workload = Choice.of(random, Workload.values());
        SinkKind sink = Choice.of(random, SinkKind.values());
        return new JobShape(
                workload,
                sink,
                1 + random.nextInt(4),
                1 + random.nextInt(2),
                random.nextInt(2),
                100 + random.nextInt(500),
                1 + random.nextInt(random.nextInt(3) == 0 ? 4 : 60),
                random.nextInt(4) == 0 ? random.nextInt(4_000) : 0,
                1_000 + random.nextInt(20_000),
                random.nextInt(2) == 0 ? 1 << 20 : 100_000,
                random.nextInt(2) == 0,
                10 + random.nextInt(random.nextInt(3) == 0 ? 1_000 : 60),
                1 + random.nextInt(3),
                random.nextInt(10),
                1 + random.nextInt(3),
                0,
                20 + random.nextInt(random.nextInt(3) == 0 ? 3_000 : 300));
    }

    @Override
    public String toString() {
        return RecordText.write(this);
    }

    static JobShape parse(String line) {
        return RecordText.read(line.trim().split(" "), 0, JobShape.class);
    }
}
