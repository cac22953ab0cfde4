package dev.holdfast.engine.task;

import dev.holdfast.api.connector.TransactionalSink;
import dev.holdfast.engine.checkpoint.CheckpointStore;
import dev.holdfast.engine.checkpoint.RestorePoint;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.graph.KeyGroups;
import dev.holdfast.engine.graph.LogicalGraph;
import dev.holdfast.engine.graph.Node;
import dev.holdfast.engine.graph.Plan;
import dev.holdfast.engine.metrics.TaskCounters;
import dev.holdfast.engine.operator.Chain;
import dev.holdfast.engine.operator.ChainOperator;
import dev.holdfast.engine.operator.KeyedOperator;
import dev.holdfast.engine.operator.Program;
import dev.holdfast.engine.operator.SourceOperator;
import dev.holdfast.engine.operator.StateLayout;
import dev.holdfast.engine.operator.TransactionalSinkOperator;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.Timeouts;
import dev.holdfast.engine.state.KeyedOperatorSpec;
import dev.holdfast.engine.state.KeyedState;
import dev.holdfast.engine.state.LocalSegments;
import dev.holdfast.engine.state.SegmentFetch;
import dev.holdfast.engine.state.SlotState;
import dev.holdfast.engine.state.SlotStateSettings;
import dev.holdfast.engine.state.SortedStore;
import dev.holdfast.engine.state.StoredState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tasks of one slot for one attempt. Blocks: runs in a blocking call, one for each slot.
 *
 * <ol>
 *   <li>Run the program: the slot's own function objects.
 *   <li>Open the slot's state; fetch and load what the restored checkpoint holds for its tasks.
 *   <li>For each transactional sink: commit what the log has decided, then remove what else earlier attempts left.
 *       Only after that may anything new be written (hard rule of two-phase commit).
 * </ol>
 */
public final class SlotDeployment {
    private final Env env;
    private final CheckpointStore checkpoints;
    private final SortedStore.Factory stores;
    private final SlotStateSettings stateSettings;
    private final LocalSegments local;
    private final JobIdentity job;
    private final Supplier<Program> programs;
    private final boolean allowDroppedState;
    private final MetricsRegistry metrics;
    private final OpenCalls calls;
    private final Timeouts timeouts;

    public SlotDeployment(
            Env env,
            CheckpointStore checkpoints,
            SortedStore.Factory stores,
            SlotStateSettings stateSettings,
            LocalSegments local,
            JobIdentity job,
            Supplier<Program> programs,
            boolean allowDroppedState,
            MetricsRegistry metrics,
            OpenCalls calls,
            Timeouts timeouts) {
        this.env = env;
        this.checkpoints = checkpoints;
        this.stores = stores;
        this.stateSettings = stateSettings;
        this.local = local;
        this.job = job;
        this.programs = programs;
        this.allowDroppedState = allowDroppedState;
        this.metrics = metrics;
        this.calls = calls;
        this.timeouts = timeouts;
    }

    /**
     * What an attempt of a slot is about.
     *
     * @param slot number of the slot: it runs the subtask with this number of each vertex that has one
     * @param restore what to start from, or null
     * @param commit checkpoint of the log whose transactions may not all be committed yet, or null
     */
    public record Order(
            int slot,
            long attempt,
            @Nullable RestorePoint restore,
            @Nullable RestorePoint commit,
            Wiring wiring) {}

    /** Tasks that are ready to start. */
    public record Deployed(List<Task> tasks, SlotState state) {
        public Deployed {
            tasks = List.copyOf(tasks);
        }
    }

    /** Makes everything; on an error nothing stays open. */
    public Deployed deploy(Order order, Mailbox mailbox, TaskListener listener) throws Exception {
        DeploymentTimes times = new DeploymentTimes(env.clock());
        SlotState state = SlotState.open(stateSettings, env, stores, mailbox);
        times.opened();
        List<Task> tasks = new ArrayList<>();
        try {
            Program program = program();
            RestorePoint restore = order.restore();
            StateLayout layout =
                    StateLayout.of(program, restore == null ? null : restore.manifest(), allowDroppedState);
            Making making = new Making(
                    order,
                    mailbox,
                    listener,
                    state,
                    program,
                    layout,
                    restored(restore),
                    restored(order.commit()),
                    times);
            for (Plan.Vertex vertex : program.plan().vertices()) {
                if (order.slot() < vertex.parallelism()) {
                    tasks.add(making.task(vertex));
                }
            }
            times.log(order.slot(), order.attempt());
            return new Deployed(tasks, state);
        } catch (Exception | Error e) {
            tasks.forEach(Task::closeCommitters);
            state.close();
            throw e;
        }
    }

    private Program program() {
        try (OpenCalls.Call open = calls.begin("the program's own description")) {
            return programs.get();
        }
    }

    private @Nullable RestoredState restored(@Nullable RestorePoint point) {
        return point == null ? null : new RestoredState(point, checkpoints);
    }

    /** The making of one slot's tasks. */
    private final class Making {
        private final Order order;
        private final Mailbox mailbox;
        private final TaskListener listener;
        private final SlotState state;
        private final Program program;
        private final StateLayout layout;
        private final @Nullable RestoredState restored;
        private final @Nullable RestoredState decided;
        private final DeploymentTimes times;

        Making(
                Order order,
                Mailbox mailbox,
                TaskListener listener,
                SlotState state,
                Program program,
                StateLayout layout,
                @Nullable RestoredState restored,
                @Nullable RestoredState decided,
                DeploymentTimes times) {
            this.order = order;
            this.mailbox = mailbox;
            this.listener = listener;
            this.state = state;
            this.program = program;
            this.layout = layout;
            this.restored = restored;
            this.decided = decided;
            this.times = times;
        }

        Task task(Plan.Vertex vertex) throws Exception {
            LogicalGraph graph = program.graph();
            TaskId id = new TaskId(vertex.number(), order.slot());
            Chain chain = Chain.build(program, vertex, edge -> order.wiring().writers(graph, edge, order.slot()));
            Map<ChainOperator, OperatorRuntime> runtimes = new HashMap<>();
            Task[] made = new Task[1];
            for (ChainOperator operator : chain.operators()) {
                runtimes.put(operator, runtime(operator, id, vertex.parallelism(), made));
            }
            TaskCounters counters =
                    new TaskCounters(chain.head().name(), id.subtask(), chain.head() instanceof SourceOperator);
            Task task = new Task(
                    id,
                    chain,
                    order.wiring().gate(graph, chain.head().number(), order.slot()),
                    runtimes,
                    counters,
                    env,
                    mailbox,
                    listener,
                    calls,
                    timeouts);
            made[0] = task;
            metrics.add(id, counters);
            runtimes.values().forEach(runtime -> {
                if (runtime.commitsOrNull() != null) {
                    runtime.commits().belongsTo(task);
                }
            });
            return task;
        }

        private OperatorRuntime runtime(ChainOperator operator, TaskId id, int parallelism, Task[] task)
                throws Exception {
            TaskContext context = new TaskContext(
                    job,
                    operator.name(),
                    id.subtask(),
                    parallelism,
                    order.attempt(),
                    metrics.add(operator.name(), id.subtask()),
                    env,
                    mailbox,
                    () -> listener.splitRequested(id),
                    error -> task[0].fail(error));
            Node node = program.graph().operators().get(operator.number()).node();
            if (node instanceof Node.Map || node instanceof Node.FlatMap || node instanceof Node.Filter) {
                return new OperatorRuntime(context, false, List.of(), null);
            }
            StateLayout.OperatorLayout operatorLayout = layout.operator(operator.name());
            List<StoredState> stored = operatorLayout.states();
            if (restored != null) {
                operator.states()
                        .restoreOperatorStates(
                                restored.operatorStates(operator.name(), stored, id.subtask(), parallelism), stored);
            }
            if (operator instanceof KeyedOperator keyed) {
                try (OpenCalls.Call open = calls.begin("fetching the state of operator '" + operator.name() + "'")) {
                    keyed.bind(keyed(keyed, operatorLayout, id.subtask(), parallelism));
                }
            }
            Commits commits = operator instanceof TransactionalSinkOperator sink ? recover(sink, context) : null;
            return new OperatorRuntime(context, true, stored, commits);
        }

        private KeyedState keyed(
                KeyedOperator operator, StateLayout.OperatorLayout operatorLayout, int index, int parallelism) {
            int maxParallelism = program.graph().maxParallelism();
            KeyedOperatorSpec spec = new KeyedOperatorSpec(
                    operator.name(),
                    operatorLayout.operatorId(),
                    program.instance(operator.number()).key().orElseThrow(),
                    KeyGroups.range(index, parallelism, maxParallelism),
                    maxParallelism,
                    operator.states(),
                    operatorLayout.states().stream()
                            .filter(stored -> stored.kind().isKeyed())
                            .toList());
            RestoredState from = restored;
            if (from == null) {
                return state.keyed(spec, List.of(), true, segment -> {
                    throw new IllegalStateException("nothing is restored, but " + segment + " was asked for");
                });
            }
            SegmentFetch source = new SegmentFetch(env, from.base(), local);
            long startNs = env.clock().nowNs();
            KeyedState restoring =
                    state.keyed(spec, from.keyed(operator.name(), spec.keyGroups()), from.isShared(), source);
            times.restored(env.clock().nowNs() - startNs, source.fetchNs(), source.fetchedBytes());
            return restoring;
        }

        private Commits recover(TransactionalSinkOperator sink, TaskContext context) throws InterruptedException {
            String where = "task " + context.index() + " of sink '" + sink.name() + "'";
            TransactionalSink.Committer<Object> committer;
            try (OpenCalls.Call open = begin(where + ", making its committer")) {
                committer = sink.committer(context);
            }
            Commits commits = new Commits(committer, where, env, mailbox, calls, timeouts);
            try {
                recover(sink, context, committer, where);
                return commits;
            } catch (InterruptedException | RuntimeException | Error e) {
                commits.close();
                throw e;
            }
        }

        private void recover(
                TransactionalSinkOperator sink,
                TaskContext context,
                TransactionalSink.Committer<Object> committer,
                String where)
                throws InterruptedException {
            if (decided != null) {
                List<Object> committables = new ArrayList<>();
                for (byte[] encoded : decided.committables(sink.name(), context.index(), context.parallelism())) {
                    committables.addAll(sink.read(encoded));
                }
                if (!committables.isEmpty()) {
                    try (OpenCalls.Call open = begin(where + " in a commit")) {
                        Committing.commit(sink.name(), committer, committables, env, () -> false);
                    }
                }
            }
            try (OpenCalls.Call open = begin(where + " in recover")) {
                sink.recover(committer, context.index());
            }
        }

        private OpenCalls.Call begin(String what) {
            return calls.begin(what, timeouts.commit(), "HF-SNK-003");
        }
    }
}
