package dev.holdfast.simulation.world;

import dev.holdfast.engine.env.Randomness;
import dev.holdfast.engine.env.simulated.SimulatedProcess;
import dev.holdfast.engine.env.simulated.SimulatedWorld;
import dev.holdfast.simulation.fault.Fault.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What is wrong between processes and a system that they call: the bucket, or what is behind a sink. */
final class Troubles {
    /** What a client waits for an answer before it gives up. */
    private static final int GIVES_UP_MS = 3_000;

    /** How long a request can be on its way after its client gave it up. */
    private static final int LATE_MS = 5_000;

    private final SimulatedWorld world;
    private final Randomness random;
    private final List<Trouble> active = new ArrayList<>();

    Troubles(SimulatedWorld world, Randomness random) {
        this.world = world;
        this.random = random;
    }

    /** Something that is wrong for some processes. */
    sealed interface Trouble {
        Predicate<SimulatedProcess> victims();

        record Errors(Predicate<SimulatedProcess> victims, int perThousand, Outcome outcome) implements Trouble {}

        record Away(Predicate<SimulatedProcess> victims) implements Trouble {}

        record Hang(Predicate<SimulatedProcess> victims, long untilNs) implements Trouble {}

        record Slow(Predicate<SimulatedProcess> victims, long latencyMs) implements Trouble {}
    }

    /** Makes the exceptions of the system. */
    interface Errors {
        RuntimeException refused(String what);

        RuntimeException unanswered(String what);

        /** Does an operation long after who asked for it has given it up. */
        default <T> T late(Supplier<T> operation) {
            return operation.get();
        }
    }

    void begin(Trouble trouble) {
        active.add(trouble);
    }

    void end(Trouble trouble) {
        active.remove(trouble);
    }

    void clear() {
        active.clear();
    }

    /**
     * Does an operation as far as troubles let it be done.
     *
     * @param changes whether it has an effect that can come late
     */
    <T> T call(SimulatedProcess process, String what, boolean changes, Errors errors, Supplier<T> operation) {
        for (Trouble trouble : List.copyOf(active)) {
            if (trouble.victims().test(process)) {
                switch (trouble) {
                    case Trouble.Slow slow -> process.await((1 + random.nextInt((int) slow.latencyMs())) * 1_000_000L);
                    case Trouble.Hang hang -> process.await(Math.max(1, hang.untilNs() - world.nowNs()));
                    case Trouble.Away away -> throw away(process, what, errors, operation);
                    case Trouble.Errors some -> {
                        if (random.nextInt(1_000) < some.perThousand()) {
                            throw failed(some.outcome(), what, changes, errors, operation);
                        }
                    }
                }
            }
        }
        return operation.get();
    }

    private <T> RuntimeException away(SimulatedProcess process, String what, Errors errors, Supplier<T> operation) {
        if (random.nextInt(10) == 0) {
            T unused = operation.get();
        }
        process.await(random.nextInt(GIVES_UP_MS) * 1_000_000L);
        return errors.unanswered(what);
    }

    private <T> RuntimeException failed(
            Outcome outcome, String what, boolean changes, Errors errors, Supplier<T> operation) {
        world.note("fault: " + outcome + " of " + what);
        switch (outcome) {
            case REFUSED -> {
                return errors.refused(what);
            }
            case ANSWER_LOST -> {
                T unused = operation.get();
            }
            case REQUEST_LOST -> {}
            case LATE -> {
                if (changes) {
                    world.after(random.nextInt(LATE_MS) * 1_000_000L, () -> late(what, errors, operation));
                }
            }
        }
        return errors.unanswered(what);
    }

    private <T> void late(String what, Errors errors, Supplier<T> operation) {
        world.note("late: " + what);
        try {
            errors.late(operation);
        } catch (RuntimeException e) {
            world.note("late: " + what + " is refused: " + e.getMessage());
        }
    }
}
