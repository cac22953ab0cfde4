package dev.holdfast.engine.coordinator;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.coordinator.JobStatus.Phase;
import dev.holdfast.engine.coordinator.Operation.Answer;
import dev.holdfast.engine.coordinator.Operation.Kind;
import dev.holdfast.engine.coordinator.Operation.Problem;
import dev.holdfast.engine.coordinator.Operation.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The operations that a coordinator was asked for: those under way, and the last ones that ended. Bookkeeping on the coordinator's
 * thread; it decides which requests repeat an earlier one and which the job's state refuses, and starts nothing.
 *
 * <p>A request repeats an operation with its key. Without a key it repeats one of the same kind with the same savepoint name, unless
 * that failed; a cancellation, or a rescale to the same parallelism, repeats one that is under way.
 */
final class Operations {
    /** Each may hold a checkpoint back from collection. */
    private static final int MOST_OPEN = 16;

    /** How many that have ended are kept for those who ask late. */
    private static final int MOST_ENDED = 100;

    private final JobRoot root;
    private final LinkedHashMap<Long, Operation> operations = new LinkedHashMap<>();
    private final Map<Long, Long> deadlinesNs = new HashMap<>();
    private long lastNumber;

    Operations(JobRoot root) {
        this.root = root;
    }

    /** The answer that needs no look into the store; empty if the request is new and the job can do it. */
    Optional<Answer> early(Operation.Request request, Phase phase) {
        Optional<Operation> same = newest(operation -> repeats(request, operation));
        if (same.isPresent()) {
            return Optional.of(new Answer.Accepted(same.get()));
        }
        if (!request.key().isEmpty()) {
            Optional<Operation> other = newest(operation -> operation.key().equals(request.key()));
            if (other.isPresent()) {
                return refused(
                        "HF-RUN-022",
                        "key '" + request.key() + "' was given with another request: " + describe(other.get())
                                + ". Give each request a key of its own");
            }
        }
        if (phase.isFinal() || phase == Phase.STOPPING) {
            return refused("HF-RUN-021", "the job is " + phase + ", nothing can be asked of it any more");
        }
        return conflict(request);
    }

    private Optional<Answer> conflict(Operation.Request request) {
        List<Operation> open =
                operations.values().stream().filter(Operation::isOpen).toList();
        for (Operation operation : open) {
            if (operation.kind() == Kind.RESCALE && request.kind() == Kind.RESCALE) {
                // The job may wait for slots that do not come: the newest wish counts.
                continue;
            }
            boolean ends = operation.kind() != Kind.SAVEPOINT && request.kind() != Kind.CANCEL;
            // A savepoint in the midst of a drain would hold tasks that have finished, and others that have not.
            if (ends
                    || request.kind() == Kind.DRAIN
                    || request.kind() == Kind.RESCALE
                    || (request.savepoint().isPresent() && request.savepoint().equals(operation.savepoint()))) {
                return refused(
                        "HF-RUN-022", describe(operation) + " is under way. Wait for its end, or cancel the job");
            }
        }
        return open.size() >= MOST_OPEN && request.kind() == Kind.SAVEPOINT
                ? refused("HF-RUN-022", MOST_OPEN + " operations are under way already. Wait for the end of one")
                : Optional.empty();
    }

    private static boolean repeats(Operation.Request request, Operation operation) {
        boolean alike = operation.kind() == request.kind()
                && operation.savepoint().equals(request.savepoint())
                && operation.parallelism() == request.parallelism();
        if (!request.key().isEmpty()) {
            // A name that the client left open differs each time: its key and what it asks for are all that counts.
            return operation.key().equals(request.key())
                    && operation.kind() == request.kind()
                    && operation.parallelism() == request.parallelism();
        }
        // What may be asked for again later is only the same while it is under way.
        boolean again = request.kind() == Kind.CANCEL || request.kind() == Kind.RESCALE;
        return alike && (again ? operation.isOpen() : operation.state() != State.FAILED);
    }

    private static Optional<Answer> refused(String code, String text) {
        return Optional.of(new Answer.Refused(code, text));
    }

    private static String describe(Operation operation) {
        return operation.kind()
                + operation.savepoint().map(name -> " with savepoint " + name).orElse("");
    }

    /** A new operation is under way. A rescale takes the place of an earlier one. */
    Operation begin(Operation.Request request, long deadlineNs, long wallMs) {
        if (request.kind() == Kind.RESCALE) {
            failRescale(wallMs, "HF-RUN-025", "parallelism " + request.parallelism() + " was asked for meanwhile");
        }
        Operation operation = new Operation(
                ++lastNumber,
                request.kind(),
                request.key(),
                request.savepoint(),
                request.parallelism(),
                State.IN_PROGRESS,
                wallMs,
                0,
                0,
                Optional.empty(),
                Optional.empty());
        operations.put(operation.number(), operation);
        deadlinesNs.put(operation.number(), deadlineNs);
        List<Long> ended = operations.values().stream()
                .filter(each -> !each.isOpen())
                .map(Operation::number)
                .toList();
        ended.stream().limit(Math.max(0, ended.size() - MOST_ENDED)).forEach(operations::remove);
        deadlinesNs.keySet().retainAll(operations.keySet());
        return operation;
    }

    /** Savepoints that have waited for their checkpoint beyond their deadline. */
    List<String> overdue(long nowNs, Predicate<String> waiting) {
        return operations.values().stream()
                .filter(Operation::isOpen)
                .filter(operation -> nowNs - deadlinesNs.getOrDefault(operation.number(), nowNs) > 0)
                .flatMap(operation -> operation.savepoint().stream())
                .filter(waiting)
                .toList();
    }

    /** The checkpoint of a savepoint is triggered. */
    void triggered(String name, long checkpointId) {
        update(name, operation -> operation.at(checkpointId));
    }

    /** The final checkpoint of the job is triggered: a drain ends with it. */
    void ends(long checkpointId) {
        operations.replaceAll((number, operation) ->
                operation.isOpen() && operation.kind() == Kind.DRAIN ? operation.at(checkpointId) : operation);
    }

    /** A savepoint is in the log. A stop has its end with that of the job. */
    void saved(String name, long checkpointId, long wallMs) {
        Optional<String> location = Optional.of(root.key("savepoints/" + name));
        update(
                name,
                operation -> operation.kind() == Kind.SAVEPOINT
                        ? operation.at(checkpointId).completed(wallMs, location)
                        : operation.at(checkpointId));
    }

    /** The job runs with this parallelism. */
    void rescaled(int parallelism, long wallMs) {
        operations.replaceAll((number, operation) -> operation.isOpen() && operation.parallelism() == parallelism
                ? operation.completed(wallMs, Optional.empty())
                : operation);
    }

    /** Ends a rescale that has lasted beyond its deadline; true if there was one. */
    boolean expireRescale(long nowNs, long wallMs) {
        boolean late = newest(operation -> operation.isOpen()
                        && operation.kind() == Kind.RESCALE
                        && nowNs - deadlinesNs.getOrDefault(operation.number(), nowNs) > 0)
                .isPresent();
        if (late) {
            failRescale(wallMs, "HF-CKP-014", "the job did not run with it in time (savepoint.timeout)");
        }
        return late;
    }

    private void failRescale(long wallMs, String code, String text) {
        operations.replaceAll((number, operation) -> operation.isOpen() && operation.kind() == Kind.RESCALE
                ? operation.failed(
                        wallMs, new Problem(code, "parallelism " + operation.parallelism() + " is given up: " + text))
                : operation);
    }

    /** A savepoint has failed, and the job does not try it again. */
    void failed(String name, Throwable error, long wallMs) {
        Problem problem = error instanceof HoldfastException known
                ? new Problem(known.code(), known.text())
                : new Problem("HF-CKP-015", String.valueOf(error.getMessage()));
        update(name, operation -> operation.failed(wallMs, problem));
    }

    private void update(String name, UnaryOperator<Operation> change) {
        operations.replaceAll((number, operation) ->
                operation.isOpen() && operation.savepoint().equals(Optional.of(name))
                        ? change.apply(operation)
                        : operation);
    }

    /** The job is over, or at least this coordinator: nothing goes on. */
    void jobEnded(Phase phase, String text, long wallMs) {
        operations.replaceAll((number, operation) -> {
            if (!operation.isOpen()) {
                return operation;
            }
            boolean done = (operation.kind() == Kind.STOP && phase == Phase.SUSPENDED)
                    || (operation.kind() == Kind.DRAIN && phase == Phase.FINISHED)
                    || (operation.kind() == Kind.CANCEL && phase == Phase.CANCELED);
            return done
                    ? operation.completed(wallMs, operation.savepoint().map(name -> root.key("savepoints/" + name)))
                    : operation.failed(
                            wallMs, new Problem("HF-RUN-023", "the job ended before: " + phase + ", " + text));
        });
    }

    private Optional<Operation> newest(Predicate<Operation> wanted) {
        return operations.values().stream().filter(wanted).reduce((older, newer) -> newer);
    }

    /** All that are known, oldest first. */
    List<Operation> view() {
        return List.copyOf(new ArrayList<>(operations.values()));
    }
}
