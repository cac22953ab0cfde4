package dev.holdfast.engine.coordinator;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.coordinator.Operation.Answer;
import dev.holdfast.engine.coordinator.Operation.Kind;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Mailbox;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes what others ask of a job, on the coordinator's thread. A request for an operation goes this way:
 *
 * <ol>
 *   <li>What repeats an earlier request, and what the job cannot do now, is answered at once.
 *   <li>The store is asked whether the savepoint's name is taken, or the program is run for the parallelism that is asked for. Then
 *       the first step is done again: another request may have come meanwhile.
 *   <li>The operation begins, and the request is answered. How it goes on is seen in the job's view.
 * </ol>
 */
final class OperationRequests {
    private final Env env;
    private final Mailbox mailbox;
    private final JobSettings settings;
    private final JobStore store;
    private final JobViews views;
    private final SavepointRequests savepoints;
    private final CheckpointTriggers triggers;
    private final Scale scale;
    private final WorkerSet workers;
    private final Runnable drain;
    private final Runnable rescale;
    private final Runnable cancel;

    /**
     * Makes them.
     *
     * @param drain ends the input of all sources
     * @param rescale the parallelism is to change: at once if no attempt runs
     * @param cancel cancels the job
     */
    OperationRequests(
            Env env,
            Mailbox mailbox,
            JobSettings settings,
            JobStore store,
            JobViews views,
            CheckpointTriggers triggers,
            WorkerSet workers,
            Runnable drain,
            Runnable rescale,
            Runnable cancel) {
        this.env = env;
        this.mailbox = mailbox;
        this.settings = settings;
        this.store = store;
        this.views = views;
        this.savepoints = triggers.savepoints();
        this.triggers = triggers;
        this.scale = triggers.scale();
        this.workers = workers;
        this.drain = drain;
        this.rescale = rescale;
        this.cancel = cancel;
    }

    /** Takes a savepoint while the job runs on; nobody waits for it. */
    void savepoint(String name) {
        savepoints.add(name);
    }

    /** Takes a savepoint, commits, and stops; nobody waits for it but for the job's end. */
    void stopWithSavepoint(String name) {
        savepoints.stopWith(name);
    }

    /** Other settings count from now on. */
    void change(CheckpointSettings settings) {
        views.change(settings);
    }

    /** @param answered told once, on the coordinator's thread; not at all if the coordinator ends before */
    void take(Operation.Request request, Consumer<Answer> answered) {
        Optional<Answer> early = views.operations().early(request, views.phase());
        if (early.isPresent()) {
            answered.accept(early.get());
            return;
        }
        if (request.kind() == Kind.RESCALE) {
            env.blocking()
                    .start(
                            "run the program for parallelism " + request.parallelism(),
                            () -> scale.run(request.parallelism()),
                            mailbox,
                            (sized, error) -> sized(request, sized, error, answered));
            return;
        }
        if (request.savepoint().isEmpty()) {
            begin(request, answered);
            return;
        }
        String name = request.savepoint().get();
        env.blocking()
                .start(
                        "look for savepoint " + name,
                        () -> store.isSavepointTaken(name),
                        mailbox,
                        (taken, error) -> looked(request, taken, error, answered));
    }

    private void looked(
            Operation.Request request, @Nullable Boolean taken, @Nullable Throwable error, Consumer<Answer> answered) {
        Optional<Answer> early = views.operations().early(request, views.phase());
        if (early.isPresent()) {
            answered.accept(early.get());
        } else if (taken == null) {
            answered.accept(new Answer.Unknown(
                    "HF-CKP-016",
                    "it is unknown whether savepoint '" + request.savepoint().orElse("")
                            + "' exists: the store does not answer: " + error + ". Try again"));
        } else if (taken) {
            answered.accept(
                    new Answer.Refused(
                            "HF-CKP-010",
                            "savepoint '" + request.savepoint().orElse("")
                                    + "' exists, or is being written, or was given up. Choose another name, or delete it first"));
        } else {
            begin(request, answered);
        }
    }

    private void sized(
            Operation.Request request,
            Scale.@Nullable Sized sized,
            @Nullable Throwable error,
            Consumer<Answer> answered) {
        Optional<Answer> early = views.operations().early(request, views.phase());
        if (early.isPresent()) {
            answered.accept(early.get());
            return;
        }
        if (sized == null) {
            answered.accept(new Answer.Refused(
                    "HF-RUN-024",
                    "the program cannot run with parallelism " + request.parallelism() + ": "
                            + (error instanceof HoldfastException known ? known.getMessage() : String.valueOf(error))));
            return;
        }
        if (request.parallelism() == scale.parallelism()) {
            answered.accept(
                    new Answer.Refused("HF-RUN-024", "the job has parallelism " + request.parallelism() + " already"));
            return;
        }
        int needed = sized.program().plan().slots();
        if (needed > workers.offeredSlots()) {
            answered.accept(new Answer.Refused(
                    "HF-RUN-024",
                    "parallelism " + request.parallelism() + " needs " + needed + " slots, and workers offer "
                            + workers.offeredSlots() + ". Start more workers first"));
            return;
        }
        triggers.rescale(sized);
        begin(request, answered);
    }

    private void begin(Operation.Request request, Consumer<Answer> answered) {
        long deadlineNs = env.clock().nowNs() + settings.timeouts().savepoint().toNanos();
        Operation operation =
                views.operations().begin(request, deadlineNs, env.clock().wallMs());
        String name = request.savepoint().orElse("");
        // Who has the answer finds the operation in the view.
        views.changed(() -> answered.accept(new Answer.Accepted(operation)));
        switch (request.kind()) {
            case SAVEPOINT -> savepoints.add(name);
            case STOP -> savepoints.stopWith(name);
            case RESCALE -> rescale.run();
            case DRAIN -> drain.run();
            case CANCEL -> cancel.run();
        }
    }
}
