package dev.holdfast.engine.coordinator;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.checkpoint.RestorePoint;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.operator.Program;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.Timeouts;
import dev.holdfast.engine.protocol.ToWorker;
import dev.holdfast.engine.task.OpenCalls;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The enumerators of the present attempt, if there is one. On the coordinator's thread. */
final class AttemptSources {
    private final Env env;
    private final Mailbox mailbox;
    private final OpenCalls calls;
    private final Timeouts timeouts;
    private final BiConsumer<TaskId, ToWorker> send;
    private final Consumer<Throwable> failed;
    private @Nullable Enumerators running;
    private @Nullable Positions positions;

    /** @param failed gets what fails the present attempt */
    AttemptSources(
            Env env,
            Mailbox mailbox,
            Timeouts timeouts,
            BiConsumer<TaskId, ToWorker> send,
            Consumer<Throwable> failed) {
        this.env = env;
        this.mailbox = mailbox;
        this.calls = new OpenCalls(env.clock());
        this.timeouts = timeouts;
        this.send = send;
        this.failed = failed;
    }

    /** Calls of enumerators that are under way; from any thread. */
    OpenCalls calls() {
        return calls;
    }

    /** Where sources stood, for one attempt: what was read of it, and who waits for that. */
    private static final class Positions {
        private @Nullable Map<String, Enumerators.RestoredSource> read;
        private @Nullable Consumer<Map<String, Enumerators.RestoredSource>> then;

        void take(Map<String, Enumerators.RestoredSource> found) {
            read = found;
            Consumer<Map<String, Enumerators.RestoredSource>> waiting = then;
            if (waiting != null) {
                waiting.accept(found);
            }
        }
    }

    /**
     * Begins to read where sources stood in the checkpoint of a new attempt, beside the deployment of tasks. An error fails the attempt.
     *
     * @param from null if nothing is restored
     * @param wanted whether the attempt still waits for it
     */
    void read(JobStore store, @Nullable RestorePoint from, BooleanSupplier wanted) {
        Positions mine = new Positions();
        positions = mine;
        if (from == null) {
            mine.take(Map.of());
            return;
        }
        env.blocking().start("read source positions", () -> store.sources(from), mailbox, (restored, error) -> {
            if (positions != mine || !wanted.getAsBoolean()) {
                return;
            }
            if (restored == null) {
                failed.accept(Objects.requireNonNull(error, "neither positions nor an error"));
            } else {
                mine.take(restored);
            }
        });
    }

    /** Goes on with what was read for the attempt, at once if it is there. */
    void whenRead(Consumer<Map<String, Enumerators.RestoredSource>> then) {
        Positions present = Objects.requireNonNull(positions, "nothing is read for this attempt");
        present.then = then;
        if (present.read != null) {
            then.accept(present.read);
        }
    }

    void start(long attempt, Program program, Map<String, Enumerators.RestoredSource> restored) {
        Enumerators[] mine = new Enumerators[1];
        Enumerators started = new Enumerators(env, mailbox, attempt, calls, timeouts, send, error -> {
            if (running == mine[0]) {
                failed.accept(error);
            }
        });
        mine[0] = started;
        running = started;
        guarded(() -> started.start(program, restored));
    }

    void splitRequested(TaskId reader) {
        Enumerators present = running;
        if (present != null) {
            guarded(() -> present.splitRequested(reader));
        }
    }

    /** The states of all; throws what an enumerator throws. */
    Map<String, byte[]> snapshot(long checkpointId) {
        Enumerators present = running;
        return present == null ? Map.of() : present.snapshot(checkpointId);
    }

    void close() {
        Enumerators present = running;
        running = null;
        if (present != null) {
            present.close();
        }
    }

    /** Enumerators are user code: what they throw fails the attempt. */
    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (HoldfastException e) {
            failed.accept(e);
        }
    }
}
