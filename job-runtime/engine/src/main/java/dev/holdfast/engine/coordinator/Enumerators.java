package dev.holdfast.engine.coordinator;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.connector.Background;
import dev.holdfast.api.connector.EnumeratorContext;
import dev.holdfast.api.connector.Source;
import dev.holdfast.api.connector.SplitEnumerator;
import dev.holdfast.engine.checkpoint.Opaque;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.graph.LogicalGraph;
import dev.holdfast.engine.graph.Node;
import dev.holdfast.engine.graph.Plan;
import dev.holdfast.engine.operator.OperatorFailure;
import dev.holdfast.engine.operator.Program;
import dev.holdfast.engine.operator.StoredValues;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.Timeouts;
import dev.holdfast.engine.protocol.ToWorker;
import dev.holdfast.engine.task.OpenCalls;
import dev.holdfast.engine.type.TypeSerializer;
import dev.holdfast.engine.type.TypeSerializers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The enumerators of one attempt's sources. An assignment is sent at once, in the same order as triggers of checkpoints: so a
 * split is in the enumerator's snapshot of checkpoint n, or at its reader before the barrier of n. On the coordinator's thread.
 */
final class Enumerators {
    private final Env env;
    private final Mailbox mailbox;
    private final long attempt;
    private final OpenCalls calling;
    private final Timeouts timeouts;
    private final BiConsumer<TaskId, ToWorker> send;
    private final Consumer<Throwable> failed;
    private final Map<String, Running<Object, Object>> sources = new LinkedHashMap<>();
    private final Map<Integer, Running<Object, Object>> byVertex = new HashMap<>();
    private boolean closed;

    /** What a checkpoint holds of a source. */
    record RestoredSource(byte @Nullable [] enumerator, List<byte[]> splits) {}

    /** @param calling where calls of enumerators are noted while they keep the coordinator's thread */
    Enumerators(
            Env env,
            Mailbox mailbox,
            long attempt,
            OpenCalls calling,
            Timeouts timeouts,
            BiConsumer<TaskId, ToWorker> send,
            Consumer<Throwable> failed) {
        this.env = env;
        this.mailbox = mailbox;
        this.attempt = attempt;
        this.calling = calling;
        this.timeouts = timeouts;
        this.send = send;
        this.failed = failed;
    }

    /** Makes the enumerators, gives them what the checkpoint held, and starts them. */
    void start(Program program, Map<String, RestoredSource> restored) {
        for (Plan.Vertex vertex : program.plan().vertices()) {
            LogicalGraph.Operator head = program.graph()
                    .operators()
                    .get(vertex.operators().getFirst().number());
            if (head.node() instanceof Node.Read read) {
                Running<Object, Object> running = running(head.name(), vertex, read.source());
                sources.put(head.name(), running);
                byVertex.put(vertex.number(), running);
                running.start(restored.get(head.name()));
            }
        }
    }

    @SuppressWarnings("unchecked") // splits and state of one source are only handed to that source
    private Running<Object, Object> running(String name, Plan.Vertex vertex, Source<?, ?, ?> source) {
        return new Running<>(name, vertex, (Source<Object, Object, Object>) source);
    }

    void splitRequested(TaskId reader) {
        Running<Object, Object> running = byVertex.get(reader.vertex());
        if (running != null) {
            running.guarded("splitRequested", () -> running.enumerator().splitRequested(reader.subtask()));
        }
    }

    /** The state of each enumerator, encoded. */
    Map<String, byte[]> snapshot(long checkpointId) {
        Map<String, byte[]> states = new LinkedHashMap<>();
        sources.forEach((name, running) -> states.put(name, running.snapshot(checkpointId)));
        return states;
    }

    void close() {
        closed = true;
        sources.values().forEach(Running::close);
        sources.clear();
        byVertex.clear();
    }

    /** One source's enumerator with what it may use. */
    private final class Running<S, E> implements EnumeratorContext<S> {
        private final String name;
        private final Plan.Vertex vertex;
        private final Source<?, S, E> source;
        private final TypeSerializer<S> splitType;
        private final TypeSerializer<E> stateType;
        private @Nullable SplitEnumerator<S, E> enumerator;
        private int calls;

        Running(String name, Plan.Vertex vertex, Source<?, S, E> source) {
            this.name = name;
            this.vertex = vertex;
            this.source = source;
            this.splitType = TypeSerializers.of(source.splitType());
            this.stateType = TypeSerializers.of(source.enumeratorType());
        }

        void start(@Nullable RestoredSource restored) {
            guarded("start", () -> {
                byte[] encoded = restored == null ? null : restored.enumerator();
                E state = encoded == null
                        ? null
                        : StoredValues.read("enumerator state of source '" + name + "'", encoded, stateType)
                                .getFirst();
                SplitEnumerator<S, E> made = source.enumerator(this, state);
                enumerator = made;
                List<S> returned = new ArrayList<>();
                if (restored != null) {
                    for (byte[] splits : restored.splits()) {
                        returned.addAll(StoredValues.read("splits of source '" + name + "'", splits, splitType));
                    }
                }
                if (!returned.isEmpty()) {
                    made.splitsReturned(returned);
                }
                made.start();
            });
        }

        SplitEnumerator<S, E> enumerator() {
            SplitEnumerator<S, E> present = enumerator;
            if (present == null) {
                throw new IllegalStateException("source '" + name + "' has no enumerator yet");
            }
            return present;
        }

        byte[] snapshot(long checkpointId) {
            byte[][] state = new byte[1][];
            guarded(
                    "snapshot",
                    () -> state[0] = StoredValues.write(List.of(enumerator().snapshot(checkpointId)), stateType));
            return state[0];
        }

        void close() {
            if (enumerator != null) {
                try (OpenCalls.Call open = noted("close")) {
                    enumerator.close();
                } catch (Exception e) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "error while closing the enumerator of source '" + name + "'",
                            e);
                }
            }
        }

        @Override
        public int parallelism() {
            return vertex.parallelism();
        }

        @Override
        public void assign(int reader, S split) {
            send.accept(
                    task(reader),
                    new ToWorker.AssignSplits(
                            attempt, task(reader), new Opaque(StoredValues.write(List.of(split), splitType))));
        }

        @Override
        public void noMoreSplits(int reader) {
            send.accept(task(reader), new ToWorker.NoMoreSplits(attempt, task(reader)));
        }

        private TaskId task(int reader) {
            if (reader < 0 || reader >= vertex.parallelism()) {
                throw new IllegalArgumentException(
                        "source '" + name + "' has no reader " + reader + ", only 0 to " + (vertex.parallelism() - 1));
            }
            return new TaskId(vertex.number(), reader);
        }

        @Override
        public void schedule(long delayMs, Background.Done<Void> action) {
            env.blocking().schedule(delayMs, mailbox, () -> call("a scheduled action", null, action));
        }

        @Override
        public Background background() {
            return this::run;
        }

        private <R> void run(String what, Callable<R> call, Background.Done<? super R> done) {
            if (calls >= Background.MAX_CALLS) {
                throw new HoldfastException(
                        "HF-RUN-005",
                        "source '" + name + "' has " + calls + " background calls under way and wants to " + what
                                + ". Wait for some to end first.");
            }
            calls++;
            env.blocking().<R>start(name + ": " + what, call, mailbox, (result, error) -> {
                calls--;
                if (closed) {
                    return;
                }
                if (error != null) {
                    failed.accept(failure("failed to " + what, error));
                } else {
                    call(what, result, done);
                }
            });
        }

        @SuppressWarnings("NullAway") // a call that returns null hands null to its own callback
        private <R> void call(String what, @Nullable R result, Background.Done<? super R> done) {
            if (!closed) {
                try {
                    guarded(what, () -> done.accept(result));
                } catch (HoldfastException e) {
                    failed.accept(e);
                }
            }
        }

        void guarded(String what, Call call) {
            try (OpenCalls.Call open = noted(what)) {
                call.run();
            } catch (VirtualMachineError fatal) {
                throw fatal;
            } catch (Exception | Error e) {
                throw failure("threw in " + what, e);
            }
        }

        private OpenCalls.Call noted(String what) {
            return calling.begin(
                    "the enumerator of source '" + name + "' in " + what, timeouts.enumerator(), "HF-RUN-015");
        }

        private HoldfastException failure(String what, Throwable error) {
            return error instanceof HoldfastException known && OperatorFailure.isNamed(known)
                    ? known
                    : new HoldfastException(
                            "HF-RUN-010", "enumerator of source '" + name + "' " + what + ": " + error, error);
        }
    }

    @FunctionalInterface
    private interface Call {
        void run() throws Exception;
    }

    private static final System.Logger LOG = System.getLogger(Enumerators.class.getName());
}
