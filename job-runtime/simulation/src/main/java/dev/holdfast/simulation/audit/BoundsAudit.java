package dev.holdfast.simulation.audit;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.simulated.SimulatedProcess;
import dev.holdfast.engine.env.simulated.SimulatedProcess.OpenCall;
import dev.holdfast.engine.env.simulated.SimulatedWorld;
import java.util.List;
import java.util.function.Supplier;

/** I6: mailboxes, blocking calls and waits of every process have bounds; and no loop of any process ends by an error. */
public final class BoundsAudit {
    private static final long MS = 1_000_000;
    private static final long LOOK_NS = 250 * MS;

    /** Some messages and results for each task; what a mailbox holds does not grow with the job's length. */
    private static final int MOST_MAIL = 2_000;

    private static final int MOST_CALLS = 200;

    /** The longest deadline of the simulated jobs is 30 s; a call may follow one that used it up. */
    private static final long LONGEST_CALL_NS = 100_000 * MS;

    private final Audit audit;
    private final Supplier<List<SimulatedProcess>> processes;

    public BoundsAudit(Audit audit, Supplier<List<SimulatedProcess>> processes) {
        this.audit = audit;
        this.processes = processes;
    }

    /** Looks again and again. */
    public void watch(SimulatedWorld world) {
        processes.get().stream()
                .filter(process -> process.isAlive() && !process.isFrozen())
                .forEach(process -> look(process, world.nowNs()));
        world.after(LOOK_NS, () -> watch(world));
    }

    private void look(SimulatedProcess process, long nowNs) {
        if (process.mostMail() > MOST_MAIL) {
            audit.fail("I6", process.name() + " had " + process.mostMail() + " pieces of mail in one mailbox");
        }
        List<OpenCall> calls = process.openCalls();
        if (calls.size() > MOST_CALLS) {
            audit.fail(
                    "I6",
                    process.name() + " has " + calls.size() + " blocking calls at once, such as " + calls.getFirst());
        }
        for (OpenCall call : calls) {
            if (nowNs - call.sinceNs() > LONGEST_CALL_NS) {
                audit.fail(
                        "I6",
                        process.name() + " waits in '" + call.what() + "' since " + call.sinceNs() / MS
                                + " ms, without a deadline");
            }
        }
        checkFailure(process);
    }

    /** At the end, for processes that died since the last look. */
    public void checkFailures() {
        processes.get().forEach(this::checkFailure);
    }

    /** Whether it says that only the end of the process can end what does not end; that is no broken invariant. */
    public static boolean isStuck(Throwable error) {
        return error instanceof HoldfastException known && known.code().equals("HF-RUN-013");
    }

    private void checkFailure(SimulatedProcess process) {
        Throwable failure = process.failure();
        if (failure != null && !isStuck(failure)) {
            audit.fail("engine", "a loop of " + process.name() + " ended by " + failure);
        }
    }
}
