package dev.holdfast.simulation.run;

import dev.holdfast.simulation.fault.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Lives the schedules of ascending seeds on several threads, until it is enough. Each life has one thread and shares nothing. */
public final class Lives {
    private final AtomicLong nextSeed;
    private final int threads;
    private final Consumer<Verdict> each;

    /** @param each told of every life, on the thread that lived it */
    public Lives(long firstSeed, int threads, Consumer<Verdict> each) {
        this.nextSeed = new AtomicLong(firstSeed);
        this.threads = threads;
        this.each = each;
    }

    /**
     * Blocks until it is enough and the lives under way have ended.
     *
     * @param enough asked before each life, on any thread, with no seed taken yet
     */
    public void run(BooleanSupplier enough) throws InterruptedException {
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            running.add(Thread.ofVirtual().name("lives-" + i).start(() -> {
                while (!enough.getAsBoolean()) {
                    each.accept(Life.live(Schedule.of(nextSeed.getAndIncrement())));
                }
            }));
        }
        for (Thread thread : running) {
            thread.join();
        }
    }
}
