package dev.holdfast.launcher.rest;

import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.coordinator.JobControl;
import dev.holdfast.engine.coordinator.JobStatus.Phase;
import dev.holdfast.engine.coordinator.Operation;
import dev.holdfast.engine.coordinator.Operation.Answer;
import dev.holdfast.engine.coordinator.Operation.Kind;
import dev.holdfast.launcher.http.ApiException;
import dev.holdfast.launcher.http.Request;
import dev.holdfast.launcher.http.Response;
import dev.holdfast.launcher.http.Route;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Savepoints, stops, drains, rescales and cancellations. Each request is answered with an operation, whose id begins with a mark of this process: an
 * id with another mark is of a process that has ended, and is answered so. Any thread.
 */
public final class OperationRoutes {
    private static final String PATH = "/api/v1/job/operations";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private static final long LOOK_MS = 20;

    private final JobControl job;
    private final String mark;

    /** Operations that end with the job, and whose end nobody has read yet. */
    private final Set<Long> unread = ConcurrentHashMap.newKeySet();

    private final AtomicInteger asking = new AtomicInteger();

    /**
     * Makes them.
     *
     * @param mark of this process: letters and digits, another one for each
     */
    public OperationRoutes(JobControl job, String mark) {
        this.job = job;
        this.mark = mark;
    }

    /** The routes. */
    public List<Route> routes() {
        return List.of(
                Route.begin(
                        "/api/v1/job/savepoints",
                        "Takes a savepoint; the job runs on.",
                        Set.of(),
                        Resources.SavepointRequest.class,
                        Resources.Operation.class,
                        request -> withSavepoint(
                                request,
                                Kind.SAVEPOINT,
                                request.body(Resources.SavepointRequest.class).name())),
                Route.begin(
                        "/api/v1/job/stop",
                        "Takes a savepoint, commits, and stops the job with it.",
                        Set.of(),
                        Resources.StopRequest.class,
                        Resources.Operation.class,
                        request -> withSavepoint(
                                request,
                                Kind.STOP,
                                request.body(Resources.StopRequest.class).name())),
                Route.begin(
                        "/api/v1/job/rescale",
                        "Gives the job another parallelism, at a checkpoint, with the processes that are there.",
                        Set.of(),
                        Resources.RescaleRequest.class,
                        Resources.Operation.class,
                        this::rescale),
                Route.begin(
                        "/api/v1/job/drain",
                        "Ends the input of all sources where they are; the job finishes with what they have read.",
                        Set.of(),
                        Resources.DrainRequest.class,
                        Resources.Operation.class,
                        request -> {
                            request.body(Resources.DrainRequest.class);
                            return plain(request, Kind.DRAIN);
                        }),
                Route.begin(
                        "/api/v1/job/cancel",
                        "Ends the job without a savepoint. What the log has decided is committed first.",
                        Set.of(),
                        Resources.CancelRequest.class,
                        Resources.Operation.class,
                        request -> {
                            request.body(Resources.CancelRequest.class);
                            return plain(request, Kind.CANCEL);
                        }),
                Route.get(
                        PATH,
                        "The operations that this coordinator knows, newest first.",
                        Resources.Operations.class,
                        request -> Response.json(
                                200,
                                new Resources.Operations(job.view().operations().reversed().stream()
                                        .map(this::resource)
                                        .toList()))),
                Route.get(
                        PATH + "/{id}",
                        "What became of an operation.",
                        Resources.Operation.class,
                        request -> Response.json(200, find(request.part("id")))));
    }

    private Response rescale(Request request) throws InterruptedException {
        int parallelism = request.body(Resources.RescaleRequest.class).parallelism();
        if (parallelism < 1) {
            throw new ApiException(400, "HF-API-019", "parallelism is " + parallelism + "; expected 1 or more");
        }
        return begin(Operation.Request.rescale(parallelism, request.idempotencyKey()));
    }

    private Response plain(Request request, Kind kind) throws InterruptedException {
        return begin(new Operation.Request(kind, Optional.empty(), request.idempotencyKey()));
    }

    private Response withSavepoint(Request request, Kind kind, @Nullable String name) throws InterruptedException {
        String savepoint = name == null ? madeUp() : name;
        try {
            JobRoot.savepoint(savepoint);
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, "HF-API-016", String.valueOf(e.getMessage()));
        }
        return begin(new Operation.Request(kind, Optional.of(savepoint), request.idempotencyKey()));
    }

    /** A name that no savepoint has: several coordinators of one job never have one mark. */
    private String madeUp() {
        return "savepoint-" + STAMP.format(Instant.now()) + "-" + mark + "-"
                + Long.toString(System.nanoTime() & 0xffff_ffffL, Character.MAX_RADIX);
    }

    private Response begin(Operation.Request request) throws InterruptedException {
        if (job.view().status().phase().isFinal()) {
            throw new ApiException(
                    409,
                    "HF-RUN-021",
                    "the job is " + job.view().status().phase() + ", nothing can be asked of it any more");
        }
        // The job may end before the answer is here.
        asking.incrementAndGet();
        try {
            return ask(request);
        } finally {
            asking.decrementAndGet();
        }
    }

    private Response ask(Operation.Request request) throws InterruptedException {
        Deadline<Answer> answer = new Deadline<>();
        job.request(request, answer);
        return switch (answer.get("the coordinator")) {
            case Answer.Accepted(Operation operation) -> {
                if (operation.endsTheJob() && operation.isOpen()) {
                    unread.add(operation.number());
                }
                Resources.Operation accepted = resource(operation);
                yield Response.json(202, accepted).with("Location", PATH + "/" + accepted.id());
            }
            case Answer.Refused(String code, String text) -> throw new ApiException(409, code, text);
            case Answer.Unknown(String code, String text) -> throw new ApiException(503, code, text);
        };
    }

    private Resources.Operation find(String id) {
        int dash = id.indexOf('-');
        if (dash < 0 || !id.substring(0, dash).equals(mark)) {
            throw new ApiException(
                    404,
                    "HF-API-017",
                    "operation '" + id + "' is not of this coordinator, which began at "
                            + Times.of(job.view().startedWallMs())
                            + ": operations are forgotten with the process. Whether its savepoint is there is told by:"
                            + " holdfast checkpoints");
        }
        Operation found = job.view().operations().stream()
                .filter(operation -> id.equals(id(operation)))
                .findFirst()
                .orElseThrow(() -> new ApiException(
                        404,
                        "HF-API-018",
                        "operation '" + id + "' is not known: it never was, or ended long ago. The last 100 are kept"));
        if (!found.isOpen()) {
            unread.remove(found.number());
        }
        return resource(found);
    }

    /**
     * Waits until those who ended the job have read that it did, or the time is over: what asked for a stop wants to know how it
     * went. Called when the job has ended, before the server is closed.
     */
    public void awaitReaders(long timeoutMs) throws InterruptedException {
        Phase phase = job.view().status().phase();
        long endNs = System.nanoTime() + timeoutMs * 1_000_000;
        while (phase.isFinal() && (asking.get() > 0 || !unread.isEmpty()) && System.nanoTime() - endNs < 0) {
            Thread.sleep(LOOK_MS);
        }
    }

    private String id(Operation operation) {
        return mark + "-" + operation.number();
    }

    private Resources.Operation resource(Operation operation) {
        return new Resources.Operation(
                id(operation),
                operation.kind().name(),
                operation.state().name(),
                operation.savepoint().orElse(null),
                operation.parallelism() == 0 ? null : operation.parallelism(),
                operation.checkpointId() == 0 ? null : operation.checkpointId(),
                operation.location().orElse(null),
                Times.of(operation.requestedWallMs()),
                Times.orNone(operation.endedWallMs()),
                operation
                        .problem()
                        .map(problem -> new Resources.OperationProblem(problem.code(), problem.text()))
                        .orElse(null));
    }
}
