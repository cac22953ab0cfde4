package dev.holdfast.launcher.rest;

import dev.holdfast.engine.checkpoint.KeyedSegments;
import dev.holdfast.engine.checkpoint.Manifest;
import dev.holdfast.engine.checkpoint.OperatorManifest;
import dev.holdfast.engine.checkpoint.Segment;
import dev.holdfast.engine.checkpoint.Slice;
import dev.holdfast.engine.checkpoint.StateManifest;
import dev.holdfast.engine.checkpoint.SubtaskManifest;
import dev.holdfast.engine.coordinator.CheckpointHistory;
import dev.holdfast.engine.coordinator.FailureHistory;
import dev.holdfast.engine.coordinator.JobControl;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.engine.coordinator.JobView;
import dev.holdfast.engine.coordinator.TaskReports;
import dev.holdfast.engine.coordinator.WorkerSession;
import dev.holdfast.engine.graph.Plan;
import dev.holdfast.engine.protocol.Placement;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.TaskNumbers;
import dev.holdfast.launcher.http.Response;
import dev.holdfast.launcher.http.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Shows a job, from the newest view that its coordinator has published. Any thread. */
public final class JobRoutes {
    private final JobControl job;

    private JobRoutes(JobControl job) {
        this.job = job;
    }

    /** The routes of a job. */
    public static List<Route> of(JobControl job) {
        JobRoutes routes = new JobRoutes(job);
        return List.of(
                show("", "What the job is doing.", Resources.Job.class, routes::job),
                show(
                        "/graph",
                        "What runs: vertices, edges, tasks with their workers.",
                        Resources.Graph.class,
                        routes::graph),
                show(
                        "/checkpoints",
                        "The checkpoints of this coordinator: counters, and the last 50, newest first.",
                        Resources.Checkpoints.class,
                        routes::checkpoints),
                show(
                        "/exceptions",
                        "What failed attempts under this coordinator: the last 50, newest first.",
                        Resources.Exceptions.class,
                        routes::exceptions),
                show("/workers", "The workers that are connected.", Resources.Workers.class, routes::workers),
                show(
                        "/state",
                        "Sizes of the operators' state in the newest checkpoint.",
                        Resources.State.class,
                        routes::state));
    }

    private static Route show(String path, String summary, Class<?> type, Supplier<Object> view) {
        return Route.get("/api/v1/job" + path, summary, type, request -> Response.json(200, view.get()));
    }

    private Resources.Job job() {
        JobView view = job.view();
        JobStatus status = view.status();
        return new Resources.Job(
                job.root().namespace(),
                job.root().job(),
                job.root().id(),
                status.phase().name(),
                status.message(),
                status.generation(),
                view.attempt(),
                status.restarts(),
                view.failures().count(),
                Times.of(view.startedWallMs()),
                Times.of(view.phaseSinceWallMs()),
                orNone(status.restoredCheckpoint()),
                status.lastCheckpoint().map(JobStatus.CheckpointInfo::id).orElse(null));
    }

    private Resources.Graph graph() {
        JobView view = job.view();
        Plan plan = view.plan();
        TaskReports.View reports = job.metrics().tasks().view();
        List<Resources.Edge> edges = new ArrayList<>();
        for (Plan.Vertex vertex : plan.vertices()) {
            for (Plan.Input input : vertex.inputs()) {
                edges.add(new Resources.Edge(
                        input.vertex(),
                        vertex.number(),
                        operator(plan, input),
                        input.side(),
                        input.partitioning(),
                        input.input()));
            }
        }
        return new Resources.Graph(
                plan.fingerprint(),
                plan.maxParallelism(),
                plan.slots(),
                plan.vertices().stream()
                        .map(vertex -> vertex(view, reports, vertex))
                        .toList(),
                edges);
    }

    private static String operator(Plan plan, Plan.Input input) {
        return plan.vertices().get(input.vertex()).operators().stream()
                .filter(operator -> operator.number() == input.operator())
                .map(Plan.PlanOperator::name)
                .findFirst()
                .orElse("");
    }

    private static Resources.Vertex vertex(JobView view, TaskReports.View reports, Plan.Vertex vertex) {
        return new Resources.Vertex(
                vertex.number(),
                vertex.name(),
                vertex.parallelism(),
                vertex.operators().stream()
                        .map(operator -> new Resources.Operator(
                                operator.name(),
                                operator.kind(),
                                operator.states().stream()
                                        .map(Plan.PlanState::name)
                                        .toList()))
                        .toList(),
                IntStream.range(0, vertex.parallelism())
                        .mapToObj(subtask -> task(view, reports, new TaskId(vertex.number(), subtask)))
                        .toList());
    }

    private static Resources.Task task(JobView view, TaskReports.View reports, TaskId task) {
        String worker =
                view.placement().map(placed -> placed.at(task.subtask()).name()).orElse(null);
        return new Resources.Task(
                task.toString(),
                task.subtask(),
                view.state(task).name(),
                worker,
                reports.attempt() == view.attempt() ? rates(reports.tasks().get(task)) : null);
    }

    private static Resources.@Nullable Rates rates(TaskReports.@Nullable Report report) {
        if (report == null) {
            return null;
        }
        TaskNumbers numbers = report.numbers();
        return new Resources.Rates(
                numbers.recordsIn(),
                numbers.recordsOut(),
                numbers.recordsInPerSecond(),
                numbers.recordsOutPerSecond(),
                numbers.busyMsPerSecond(),
                numbers.idleMsPerSecond(),
                numbers.backPressuredMsPerSecond(),
                Times.of(report.reportedWallMs()));
    }

    private Resources.Checkpoints checkpoints() {
        JobView view = job.view();
        CheckpointHistory.View history = view.checkpoints();
        List<Resources.Checkpoint> newestFirst =
                history.entries().reversed().stream().map(JobRoutes::checkpoint).toList();
        long inProgress = history.entries().stream()
                .filter(entry -> entry.state() == CheckpointHistory.State.IN_PROGRESS)
                .count();
        return new Resources.Checkpoints(
                new Resources.CheckpointCounts(history.completed(), history.failed(), history.aborted(), inProgress),
                orNone(view.status().restoredCheckpoint()),
                newest(newestFirst, CheckpointHistory.State.COMPLETED),
                newest(newestFirst, CheckpointHistory.State.FAILED),
                newestFirst);
    }

    private static Resources.@Nullable Checkpoint newest(
            List<Resources.Checkpoint> newestFirst, CheckpointHistory.State state) {
        return newestFirst.stream()
                .filter(checkpoint -> checkpoint.state().equals(state.name()))
                .findFirst()
                .orElse(null);
    }

    private static Resources.Checkpoint checkpoint(CheckpointHistory.Entry entry) {
        boolean ended = entry.state() != CheckpointHistory.State.IN_PROGRESS;
        boolean complete = entry.state() == CheckpointHistory.State.COMPLETED;
        return new Resources.Checkpoint(
                entry.id(),
                entry.savepoint().isPresent() ? "SAVEPOINT" : "CHECKPOINT",
                entry.savepoint().orElse(null),
                entry.state().name(),
                entry.reason().isEmpty() ? null : entry.reason(),
                entry.attempt(),
                Times.of(entry.triggeredWallMs()),
                Times.orNone(entry.endedWallMs()),
                ended ? entry.durationMs() : null,
                complete ? entry.uploadedBytes() : null,
                complete ? entry.fullBytes() : null);
    }

    private Resources.Exceptions exceptions() {
        FailureHistory.View failures = job.view().failures();
        return new Resources.Exceptions(
                failures.count(),
                failures.entries().reversed().stream()
                        .map(failure -> new Resources.Failure(
                                failure.code(),
                                failure.text(),
                                failure.task().map(TaskId::toString).orElse(null),
                                failure.worker().orElse(null),
                                failure.attempt(),
                                Times.of(failure.wallMs())))
                        .toList());
    }

    private Resources.Workers workers() {
        JobView view = job.view();
        List<WorkerSession> sessions = job.workers();
        int offered = sessions.stream()
                .filter(worker -> worker.state() == WorkerSession.State.READY)
                .mapToInt(WorkerSession::slots)
                .sum();
        return new Resources.Workers(
                offered,
                view.plan().slots(),
                sessions.stream().map(session -> worker(view, session)).toList());
    }

    private Resources.Worker worker(JobView view, WorkerSession session) {
        return new Resources.Worker(
                session.number(),
                session.name(),
                session.address().map(Object::toString).orElse(null),
                session.slots(),
                session.state().name(),
                job.silentMs(session),
                view.busy().contains(session.number()) ? tasks(view, session.number()) : List.of());
    }

    private List<String> tasks(JobView view, int worker) {
        Optional<Placement> placement = view.placement();
        if (placement.isEmpty()) {
            return List.of();
        }
        List<Integer> slots = placement.get().slotsOf(worker);
        return view.plan().vertices().stream()
                .flatMap(vertex -> slots.stream()
                        .filter(slot -> slot < vertex.parallelism())
                        .map(slot -> new TaskId(vertex.number(), slot).toString()))
                .toList();
    }

    private Resources.State state() {
        Optional<Manifest> manifest = job.view().manifest();
        return manifest.map(found -> new Resources.State(
                        found.checkpointId(),
                        found.fullBytes(),
                        found.operators().stream().map(JobRoutes::operatorState).toList()))
                .orElseGet(() -> new Resources.State(null, 0, List.of()));
    }

    private static Resources.OperatorState operatorState(OperatorManifest operator) {
        List<Long> sizes =
                operator.subtasks().stream().map(JobRoutes::stateBytes).toList();
        return new Resources.OperatorState(
                operator.name(),
                operator.kind().name(),
                operator.parallelism(),
                sizes.stream().mapToLong(Long::longValue).sum(),
                sizes.stream().mapToLong(Long::longValue).max().orElse(0),
                operator.states().stream().map(StateManifest::name).toList());
    }

    private static long stateBytes(SubtaskManifest subtask) {
        long keyed = subtask.keyed().stream()
                .map(KeyedSegments::segments)
                .flatMap(List::stream)
                .mapToLong(Segment::length)
                .sum();
        long lists = subtask.operatorStates().stream()
                .mapToLong(state -> state.bytes().length())
                .sum();
        return keyed
                + lists
                + subtask.splits().map(Slice::length).orElse(0L)
                + subtask.committables().map(Slice::length).orElse(0L);
    }

    private static @Nullable Long orNone(long number) {
        return number == 0 ? null : number;
    }
}
