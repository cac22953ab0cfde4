package dev.holdfast.engine.env.simulated;

import dev.holdfast.engine.env.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * Virtual time and everything that is going to happen in it.
 *
 * <ol>
 *   <li>Events wait in a queue, ordered by time, then by the order in which they were made.
 *   <li>{@link #step} takes the first, sets the clock to its time, and runs it to its end.
 *   <li>What an event does makes new events: a loop's next turn, a blocking call that goes on, an alarm.
 * </ol>
 *
 * Delays come from the seed, so the order of what happens at nearly the same time does too.
 */
public final class SimulatedWorld {
    private final SimulatedRandomness random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<SimulatedProcess> processes = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private long nowNs;
    private long made;
    private long steps;
    private boolean turnsWait;

    public SimulatedWorld(long seed) {
        random = new SimulatedRandomness(seed);
    }

    /** Adds a process with an empty disk of its own and its own way to the store. */
    public SimulatedProcess start(String name, ObjectStore store) {
        return start(name, store, new MemoryDisk());
    }

    /** Adds a process on a disk that an earlier one may have used. */
    public SimulatedProcess start(String name, ObjectStore store, MemoryDisk disk) {
        SimulatedProcess process = new SimulatedProcess(this, name, store, disk, random.split());
        processes.add(process);
        note(name + " starts");
        return process;
    }

    /**
     * Lets the turns of all loops wait where user code does, by {@code BlockingCalls.pause}, as a thread can: each turn is then
     * a coroutine, which costs more. For tests of user code that does not return.
     */
    public void letTurnsWait() {
        turnsWait = true;
    }

    boolean doTurnsWait() {
        return turnsWait;
    }

    /** Runs the next event; false if there is none. */
    public boolean step() {
        Event event = events.poll();
        if (event == null) {
            return false;
        }
        nowNs = event.atNs;
        steps++;
        event.action.run();
        return true;
    }

    /**
     * Runs events until something holds.
     *
     * @param limitNs virtual time to give it from now
     * @return whether it holds
     */
    public boolean runUntil(BooleanSupplier done, long limitNs) {
        long endNs = nowNs + limitNs;
        while (!done.getAsBoolean()) {
            Event next = events.peek();
            if (next == null || next.atNs > endNs) {
                return false;
            }
            step();
        }
        return true;
    }

    /** Virtual time since the beginning. */
    public long nowNs() {
        return nowNs;
    }

    /** Events so far. */
    public long steps() {
        return steps;
    }

    /** What happened, a line for each thing worth telling; equal for equal seeds. */
    public List<String> trace() {
        return trace;
    }

    /** Adds a line to the trace. */
    public void note(String line) {
        trace.add(nowNs + " " + line);
    }

    /** Kills all processes, so that no thread stays behind. */
    public void end() {
        processes.forEach(SimulatedProcess::kill);
        events.clear();
    }

    /** Lets something happen at a time, as part of no process. */
    public void after(long delayNs, Runnable action) {
        events.add(new Event(nowNs + delayNs, made++, action));
    }

    /** A delay between half and one and a half times the given one. */
    long around(long typicalNs) {
        return typicalNs / 2 + random.nextInt((int) Math.max(1, Math.min(Integer.MAX_VALUE, typicalNs)));
    }

    /** True once in a number of calls, by chance. */
    boolean oneIn(int number) {
        return random.nextInt(number) == 0;
    }

    private record Event(long atNs, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNs, other.atNs);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }
}
