package dev.holdfast.engine.task;

import dev.holdfast.engine.env.Clock;
import dev.holdfast.engine.env.Loop;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.metrics.TaskTimes;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.state.SlotState;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The loop of one thread that runs one task of each vertex. Tasks get their turns from the last vertex to the first, so that
 * room is made before more is read. The time between two turns of a task is its own (busy) while it works, else what its last turn
 * came to: the clock is read once for each turn that did something.
 *
 * <p>States: EMPTY becomes WORKING by {@link #install}; FAILED when a task fails (nothing runs any more); ENDING by {@link
 * #end}, ENDED when no call into a sink is under way. All methods but the constructor are called on the slot's thread, by mail.
 */
public final class Slot implements Loop {
    private enum State {
        EMPTY,
        WORKING,
        FAILED,
        ENDING,
        ENDED
    }

    private final Clock clock;
    private final Mailbox mailbox;
    private final TaskListener listener;
    private List<Task> tasks = List.of();
    private @Nullable SlotState slotState;
    private State state = State.EMPTY;
    private Consumer<Remains> ended = remains -> {};
    private volatile String inside = "";

    public Slot(Clock clock, Mailbox mailbox, TaskListener listener) {
        this.clock = clock;
        this.mailbox = mailbox;
        this.listener = listener;
    }

    /** Whose turn it is, for people; from any thread. */
    public Optional<String> inside() {
        String present = inside;
        return present.isEmpty() ? Optional.empty() : Optional.of(present);
    }

    public Mailbox mailbox() {
        return mailbox;
    }

    @Override
    public Progress step(long nowNs) {
        switch (state) {
            case EMPTY, FAILED -> {
                return Progress.IDLE;
            }
            case ENDING -> {
                if (tasks.stream().anyMatch(Task::isInSink)) {
                    return Progress.IDLE;
                }
                state = State.ENDED;
                ended.accept(remains());
                return Progress.ENDED;
            }
            case ENDED -> {
                return Progress.ENDED;
            }
            case WORKING -> {}
        }
        boolean worked = false;
        long atNs = nowNs;
        for (int i = tasks.size() - 1; i >= 0 && state == State.WORKING; i--) {
            Task task = tasks.get(i);
            inside = task.name();
            task.times().enter(TaskTimes.Use.BUSY, atNs);
            try {
                boolean did = task.step(nowNs);
                if (did) {
                    worked = true;
                    atNs = clock.nowNs();
                }
                task.times().enter(task.afterTurn(did), atNs);
            } catch (RuntimeException e) {
                fail(task, e);
            }
        }
        inside = "";
        return worked ? Progress.BUSY : Progress.IDLE;
    }

    /** Takes the tasks, in order of their vertices. */
    public void install(SlotDeployment.Deployed deployed) {
        tasks = deployed.tasks();
        slotState = deployed.state();
        state = State.WORKING;
    }

    /** Opens all tasks, last vertex first. */
    public void start() {
        for (Task task : tasks.reversed()) {
            guarded(task, Task::start);
        }
    }

    public void trigger(long checkpointId) {
        tasks.forEach(task -> guarded(task, t -> t.trigger(checkpointId)));
    }

    public void addSplits(TaskId reader, byte[] splits) {
        task(reader).ifPresent(task -> guarded(task, t -> t.addSplits(splits)));
    }

    public void noMoreSplits(TaskId reader) {
        task(reader).ifPresent(task -> guarded(task, Task::noMoreSplits));
    }

    /** Sources end their input. */
    public void drain() {
        tasks.forEach(task -> guarded(task, Task::drainSource));
    }

    /** A checkpoint is in the log; {@code upload} knows where the tasks' segments lie now. */
    public void completed(long checkpointId, @Nullable Upload upload) {
        for (Task task : tasks) {
            if (task.keyedState() != null && upload != null) {
                guarded(task, t -> upload.confirm(t.id(), t.keyedState(), checkpointId));
            }
            guarded(task, t -> t.completed(checkpointId));
        }
    }

    public void aborted(long checkpointId) {
        tasks.forEach(task -> guarded(task, t -> t.aborted(checkpointId)));
    }

    /** Gives up what a task captured for a checkpoint that had been aborted before. */
    public void discard(TaskSnapshot snapshot) {
        task(snapshot.task())
                .ifPresent(task -> guarded(task, t -> {
                    if (t.keyedState() != null) {
                        t.keyedState().abort(snapshot.checkpointId());
                    }
                }));
    }

    /** What a slot leaves to be closed by a blocking call. */
    public final class Remains {
        private final List<Task> closed = tasks;
        private final @Nullable SlotState closing = slotState;

        /** Closes what may write to the outside; blocks. */
        public void closeCommitters() {
            closed.forEach(Task::closeCommitters);
        }

        /** Closes local state; blocks. */
        public void closeState() {
            if (closing != null) {
                closing.close();
            }
        }
    }

    /**
     * Closes all tasks.
     *
     * @param then gets what remains to be closed when no call into a sink is under way, on the slot's thread
     */
    public void end(Consumer<Remains> then) {
        for (Task task : tasks) {
            inside = task.name() + " in close";
            task.close();
        }
        inside = "";
        state = State.ENDING;
        ended = then;
    }

    /** Ends a slot whose loop has ended by an error of the engine itself; from another thread. */
    public Remains endDead() {
        tasks.forEach(Task::close);
        state = State.ENDED;
        return remains();
    }

    private Remains remains() {
        Remains remains = new Remains();
        tasks = List.of();
        slotState = null;
        return remains;
    }

    private void guarded(Task task, Consumer<Task> call) {
        if (state != State.WORKING) {
            return;
        }
        inside = task.name();
        try {
            call.accept(task);
        } catch (RuntimeException e) {
            fail(task, e);
        }
        inside = "";
    }

    private void fail(Task task, RuntimeException error) {
        state = State.FAILED;
        listener.failed(task.id(), error);
    }

    private Optional<Task> task(TaskId id) {
        return tasks.stream().filter(task -> task.id().equals(id)).findFirst();
    }
}
