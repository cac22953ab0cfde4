package dev.holdfast.engine.state;

/**
 * Runs schedules by seed. {@code -Dholdfast.seed=S} runs that one alone, {@code -Dholdfast.soak.minutes=N} goes on with new
 * seeds for so long. A failure names its seed.
 */
final class Seeds {
    /** Where the seeds of the normal build begin; the same schedules each time. */
    private static final long FIRST = 1_000_000;

    /** One schedule. */
    @FunctionalInterface
    interface Run {
        void schedule(long seed) throws Exception;
    }

    private Seeds() {}

    static void run(String what, int count, Run run) {
        Long single = Long.getLong("holdfast.seed");
        if (single != null) {
            one(what, single, 0, run);
            return;
        }
        long soakMinutes = Long.getLong("holdfast.soak.minutes", 0);
        long endNs = System.nanoTime() + soakMinutes * 60_000_000_000L;
        long first = soakMinutes > 0 ? System.nanoTime() : FIRST;
        long done = 0;
        while (soakMinutes > 0 ? System.nanoTime() < endNs : done < count) {
            one(what, first + done, done, run);
            done++;
        }
    }

    private static void one(String what, long seed, long before, Run run) {
        try {
            run.schedule(seed);
        } catch (Throwable found) {
            throw new AssertionError(
                    "schedule " + what + " with seed " + seed + " failed, after " + before
                            + " others. Replay it with -Dholdfast.seed=" + seed,
                    found);
        }
    }
}
