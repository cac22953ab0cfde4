package dev.holdfast.engine.env.simulated;

import dev.holdfast.engine.env.BlockingCalls;
import dev.holdfast.engine.env.Clock;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Loop;
import dev.holdfast.engine.env.Loops;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.env.ObjectStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One process of the simulated world. RUNNING becomes FROZEN and back by {@link #freeze} and {@link #wake}, and DEAD for good by
 * {@link #kill}: then nothing of it ever runs again. What a frozen process would have done waits until it wakes up.
 */
public final class SimulatedProcess {
    /** What a turn of a busy loop takes. */
    private static final long TURN_NS = 20_000;

    /** What one turn in {@link #HICCUP_EVERY} takes: a pause of the collector, or another process on the core. */
    private static final long HICCUP_NS = 2_000_000;

    private static final int HICCUP_EVERY = 40;
    private static final long IDLE_NS = 1_000_000;
    private static final long MAIL_NS = 5_000;
    private static final int MAIL_PER_TURN = 64;

    /** Until work beside the loops has its turn on a core: loops go on meanwhile. */
    private static final long WORK_NS = 50_000;

    /** The same once in {@link #SLOW_WORK_EVERY}, where loops keep all cores. */
    private static final long SLOW_WORK_NS = 5_000_000;

    private static final int SLOW_WORK_EVERY = 10;
    /** The time of wall clocks at the beginning of the world: 2026-01-01. */
    private static final long WALL_ORIGIN_MS = 1_767_225_600_000L;

    private enum Life {
        RUNNING,
        FROZEN,
        DEAD
    }

    private final SimulatedWorld world;
    private final String name;
    private final MemoryDisk disk;
    private final Env env;
    private final Set<Coroutine> calls = new LinkedHashSet<>();
    private final List<Runnable> held = new ArrayList<>();
    private final List<Runnable> killed = new ArrayList<>();
    private final WorldClock clock = new WorldClock();
    private Life life = Life.RUNNING;
    private int mostMail;
    private @Nullable Throwable failure;

    SimulatedProcess(
            SimulatedWorld world, String name, ObjectStore store, MemoryDisk disk, SimulatedRandomness random) {
        this.world = world;
        this.name = name;
        this.disk = disk;
        this.env = new Env(clock, random, new WorldLoops(), new WorldCalls(), disk, new WaitingStore(this, store));
    }

    public Env env() {
        return env;
    }

    public String name() {
        return name;
    }

    public MemoryDisk disk() {
        return disk;
    }

    public boolean isAlive() {
        return life != Life.DEAD;
    }

    /** The error that ended one of the process's loops, if any did. */
    public @Nullable Throwable failure() {
        return failure;
    }

    public boolean isFrozen() {
        return life == Life.FROZEN;
    }

    /**
     * Changes how its clock goes from now on. Its time does not jump, but for the wall clock.
     *
     * @param ppm how much faster it goes than the world's, in parts of a million; negative for slower
     * @param wallJumpMs added to the wall clock
     */
    public void setClock(int ppm, long wallJumpMs) {
        clock.set(ppm, wallJumpMs);
        world.note(name + "'s clock: " + ppm + " ppm, wall clock " + wallJumpMs + " ms on");
    }

    /** Blocking calls that have begun and have not ended: what they are for, and since when in the world's time. */
    public List<OpenCall> openCalls() {
        return calls.stream()
                .map(call -> new OpenCall(call.name(), call.startedNs()))
                .toList();
    }

    /** A blocking call that has not ended. */
    public record OpenCall(String what, long sinceNs) {}

    /** The most pieces of mail that ever waited in one of its mailboxes. */
    public int mostMail() {
        return mostMail;
    }

    /** As SIGKILL: nothing of the process runs any more. Its disk stays. */
    public void kill() {
        if (life == Life.DEAD) {
            return;
        }
        life = Life.DEAD;
        held.clear();
        world.note(name + " is killed");
        killed.forEach(Runnable::run);
        Coroutine self = Coroutine.current();
        for (Coroutine call : List.copyOf(calls)) {
            if (call != self) {
                call.kill();
            }
        }
        if (self != null && calls.contains(self)) {
            throw new Coroutine.Killed();
        }
    }

    /** As SIGSTOP. */
    public void freeze() {
        if (life == Life.RUNNING) {
            life = Life.FROZEN;
            world.note(name + " is frozen");
        }
    }

    /** As SIGCONT. */
    public void wake() {
        if (life == Life.FROZEN) {
            life = Life.RUNNING;
            world.note(name + " wakes up");
            List<Runnable> waiting = List.copyOf(held);
            held.clear();
            waiting.forEach(action -> after(world.around(MAIL_NS), action));
        }
    }

    /**
     * Lets the current blocking call wait: a point where the world may freeze or kill the process. On the world's own thread it does
     * nothing.
     */
    public void await(long delayNs) {
        Coroutine call = Coroutine.current();
        if (call != null) {
            after(delayNs, call::resume);
            call.suspend();
        }
    }

    SimulatedWorld world() {
        return world;
    }

    /** Runs something when the process is killed: it is dead by then. */
    void whenKilled(Runnable action) {
        killed.add(action);
    }

    /** Something that the process does later: not while it is frozen, never once it is dead. */
    void after(long delayNs, Runnable action) {
        world.after(delayNs, () -> act(action));
    }

    private void act(Runnable action) {
        switch (life) {
            case RUNNING -> action.run();
            case FROZEN -> held.add(action);
            case DEAD -> {}
        }
    }

    private final class WorldClock implements Clock {
        private int ppm;
        private long wallOffsetMs;
        /** A moment, as the world and as the process counts. */
        private long worldNs;

        private long ownNs;

        @Override
        public long nowNs() {
            long passedNs = world.nowNs() - worldNs;
            return ownNs + passedNs + passedNs / 1_000_000 * ppm;
        }

        @Override
        public long wallMs() {
            return WALL_ORIGIN_MS + wallOffsetMs + nowNs() / 1_000_000;
        }

        void set(int newPpm, long wallJumpMs) {
            ownNs = nowNs();
            worldNs = world.nowNs();
            ppm = newPpm;
            wallOffsetMs += wallJumpMs;
        }

        /** How long the world takes until so much has passed on this clock. */
        long inWorldNs(long delayNs) {
            return delayNs - delayNs / 1_000_000 * ppm;
        }
    }

    private final class WorldCalls implements BlockingCalls {
        @Override
        public <T> void start(String what, Callable<T> call, Mailbox mailbox, Done<T> done) {
            start(what, world.around(world.oneIn(SLOW_WORK_EVERY) ? SLOW_WORK_NS : MAIL_NS), call, mailbox, done);
        }

        @Override
        public <T> void startWork(String what, Callable<T> call, Mailbox mailbox, Done<T> done) {
            start(what, world.around(world.oneIn(SLOW_WORK_EVERY) ? SLOW_WORK_NS : WORK_NS), call, mailbox, done);
        }

        private <T> void start(String what, long delayNs, Callable<T> call, Mailbox mailbox, Done<T> done) {
            Coroutine[] self = new Coroutine[1];
            Coroutine coroutine = new Coroutine(what, world.nowNs(), () -> {
                T result;
                try {
                    result = call.call();
                } catch (Coroutine.Killed killed) {
                    throw killed;
                } catch (Throwable error) {
                    mailbox.post(() -> done.accept(null, error));
                    return;
                } finally {
                    calls.remove(self[0]);
                }
                mailbox.post(() -> done.accept(result, null));
            });
            self[0] = coroutine;
            calls.add(coroutine);
            after(delayNs, coroutine::resume);
        }

        @Override
        public Cancellable schedule(long delayMs, Mailbox mailbox, Runnable action) {
            boolean[] cancelled = new boolean[1];
            after(
                    clock.inWorldNs(delayMs * 1_000_000) + world.around(MAIL_NS),
                    () -> mailbox.post(() -> {
                        if (!cancelled[0]) {
                            action.run();
                        }
                    }));
            return () -> cancelled[0] = true;
        }

        @Override
        public void beside(String what, List<? extends Callable<?>> list, int atOnce) throws Exception {
            ArrayDeque<Callable<?>> waiting = new ArrayDeque<>(list);
            List<Throwable> failures = new ArrayList<>();
            int[] running = {Math.min(atOnce, list.size())};
            for (int i = running[0]; i > 0; i--) {
                start(
                        what,
                        () -> {
                            while (!waiting.isEmpty() && failures.isEmpty()) {
                                waiting.remove().call();
                            }
                            return what;
                        },
                        Runnable::run,
                        (done, error) -> {
                            running[0]--;
                            if (error != null) {
                                failures.add(error);
                            }
                        });
            }
            while (running[0] > 0) {
                await(TURN_NS);
            }
            if (!failures.isEmpty()) {
                switch (failures.getFirst()) {
                    case Exception e -> throw e;
                    case Error e -> throw e;
                    case Throwable other -> throw new IllegalStateException(other);
                }
            }
        }

        @Override
        public void pause(long ms) {
            await(clock.inWorldNs(ms * 1_000_000));
        }
    }

    private final class WorldLoops implements Loops {
        @Override
        public <L extends Loop> Mailbox start(String loopName, Function<Mailbox, L> make, Failed failed) {
            Turns turns = new Turns(loopName, failed);
            turns.loop = make.apply(turns);
            turns.next(TURN_NS);
            return turns;
        }
    }

    /** The turns of one loop. */
    private final class Turns implements Mailbox {
        private final String loopName;
        private final Loops.Failed failed;
        private final ArrayDeque<Runnable> mail = new ArrayDeque<>();
        private @Nullable Loop loop;
        private boolean ended;
        private boolean within;
        private long turn;
        private long busyUntilNs;

        Turns(String loopName, Loops.Failed failed) {
            this.loopName = loopName;
            this.failed = failed;
        }

        @Override
        public void post(Runnable work) {
            if (!ended) {
                mail.add(work);
                mostMail = Math.max(mostMail, mail.size());
                next(Math.max(world.around(MAIL_NS), busyUntilNs - world.nowNs()));
            }
        }

        void next(long delayNs) {
            long mine = ++turn;
            after(delayNs, () -> {
                if (mine == turn) {
                    take();
                }
            });
        }

        private void take() {
            Loop owner = loop;
            if (ended || owner == null || within) {
                return;
            }
            if (world.doTurnsWait()) {
                takeWaiting(owner);
            } else {
                take(owner);
            }
        }

        /** A turn that may wait: until it has ended, the loop gets no other, and its mail stays. */
        private void takeWaiting(Loop owner) {
            Coroutine[] self = new Coroutine[1];
            within = true;
            Coroutine waiting = new Coroutine(loopName, world.nowNs(), () -> {
                try {
                    take(owner);
                } finally {
                    within = false;
                    calls.remove(self[0]);
                }
            });
            self[0] = waiting;
            calls.add(waiting);
            waiting.resume();
        }

        private void take(Loop owner) {
            try {
                for (int i = 0; i < MAIL_PER_TURN && !mail.isEmpty(); i++) {
                    mail.remove().run();
                }
                Loop.Progress progress = owner.step(clock.nowNs());
                long turnNs = world.around(world.oneIn(HICCUP_EVERY) ? HICCUP_NS : TURN_NS);
                busyUntilNs = world.nowNs() + turnNs;
                switch (progress) {
                    case BUSY -> next(turnNs);
                    case IDLE -> next(mail.isEmpty() ? Math.max(turnNs, world.around(IDLE_NS)) : turnNs);
                    case ENDED -> end();
                }
            } catch (Coroutine.Killed killed) {
                throw killed;
            } catch (Throwable error) {
                end();
                if (failure == null) {
                    failure = error;
                }
                world.note(name + ": loop " + loopName + " ended by " + error);
                failed.failed(error);
            }
        }

        private void end() {
            ended = true;
            mail.clear();
        }
    }
}
