package dev.holdfast.engine.operator;

import dev.holdfast.api.Lifecycle;
import dev.holdfast.api.connector.AtLeastOnceSink;
import dev.holdfast.api.connector.IdempotentSink;
import dev.holdfast.api.connector.Sink;
import dev.holdfast.api.connector.SinkContext;
import dev.holdfast.api.connector.TransactionalSink;
import dev.holdfast.engine.state.StateDeclarations;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The end of a chain. At each barrier the task calls {@link #prepare}, runs the slow part off its thread, and hands the result
 * to {@link #prepared}.
 */
public abstract sealed class SinkOperator extends ChainOperator
        permits TransactionalSinkOperator, SinkOperator.Flushing {
    private static final Lifecycle NO_FUNCTION = new Lifecycle() {};

    SinkOperator(int number, String name, StateDeclarations states) {
        super(number, name, states, NO_FUNCTION);
    }

    @SuppressWarnings("unchecked") // the graph's builder has checked that the sink takes the stream's records
    static SinkOperator of(int number, String name, StateDeclarations states, Sink<?> sink) {
        return switch (sink) {
            case TransactionalSink<?, ?> transactional ->
                new TransactionalSinkOperator(number, name, states, (TransactionalSink<Object, Object>) transactional);
            case IdempotentSink<?, ?> idempotent ->
                new Idempotent(number, name, states, (IdempotentSink<Object, Object>) idempotent);
            case AtLeastOnceSink<?> plain -> new AtLeastOnce(number, name, states, (AtLeastOnceSink<Object>) plain);
        };
    }

    /** Makes the writer; on the task's thread. */
    public final void start(SinkContext context) {
        guarded("while its writer was made", () -> makeWriter(context));
    }

    /** Ends what belongs to a checkpoint. The returned call is run once, off the task's thread, before the next prepare. */
    public final Callable<?> prepare(long checkpointId) {
        try {
            return prepareWriter(checkpointId);
        } catch (Exception | Error e) {
            throw OperatorFailure.of(name(), "in prepare", e);
        }
    }

    /** Whether a barrier asks anything of the writer; if not, {@link #prepare} is not called. */
    public boolean hasToPrepare() {
        return true;
    }

    /** Whether no record may come until the call of {@link #prepare} has returned. */
    public abstract boolean waitsForPrepare();

    /** Takes the result of the call; on the task's thread. */
    public abstract void prepared(long checkpointId, @Nullable Object result);

    public final void closeWriter() {
        guarded("in close", this::close0);
    }

    abstract void makeWriter(SinkContext context) throws Exception;

    abstract Callable<?> prepareWriter(long checkpointId) throws Exception;

    abstract void close0() throws Exception;

    private void guarded(String what, SinkCall call) {
        try {
            call.run();
        } catch (Exception | Error e) {
            throw OperatorFailure.of(name(), what, e);
        }
    }

    @FunctionalInterface
    private interface SinkCall {
        void run() throws Exception;
    }

    /** Sinks that only flush at a barrier. */
    abstract static sealed class Flushing extends SinkOperator {
        private Flushing(int number, String name, StateDeclarations states) {
            super(number, name, states);
        }

        @Override
        public boolean waitsForPrepare() {
            return true;
        }

        @Override
        public void prepared(long checkpointId, @Nullable Object result) {}

        static <T> T made(@Nullable T writer) {
            if (writer == null) {
                throw new IllegalStateException("the sink has no writer yet");
            }
            return writer;
        }
    }

    private static final class Idempotent extends Flushing {
        private final IdempotentSink<Object, Object> sink;
        private IdempotentSink.@Nullable Writer<Object, Object> writer;

        Idempotent(int number, String name, StateDeclarations states, IdempotentSink<Object, Object> sink) {
            super(number, name, states);
            this.sink = sink;
        }

        @Override
        void makeWriter(SinkContext context) throws Exception {
            writer = sink.writer(context);
        }

        @Override
        void process(Object value) throws Exception {
            made(writer).upsert(sink.key(value), value);
        }

        @Override
        Callable<?> prepareWriter(long checkpointId) {
            IdempotentSink.Writer<Object, Object> present = made(writer);
            return () -> {
                present.flush();
                return true;
            };
        }

        @Override
        void close0() throws Exception {
            IdempotentSink.Writer<Object, Object> present = writer;
            writer = null;
            if (present != null) {
                present.close();
            }
        }
    }

    private static final class AtLeastOnce extends Flushing {
        private final AtLeastOnceSink<Object> sink;
        private AtLeastOnceSink.@Nullable Writer<Object> writer;
        private boolean flushes = true;

        AtLeastOnce(int number, String name, StateDeclarations states, AtLeastOnceSink<Object> sink) {
            super(number, name, states);
            this.sink = sink;
        }

        @Override
        void makeWriter(SinkContext context) throws Exception {
            AtLeastOnceSink.Writer<Object> made = sink.writer(context);
            flushes = hasFlush(made);
            writer = made;
        }

        /** Whether the writer's class has a flush of its own: if not, no task needs to wait for it. */
        private static boolean hasFlush(AtLeastOnceSink.Writer<Object> writer) throws NoSuchMethodException {
            return writer.getClass().getMethod("flush").getDeclaringClass() != AtLeastOnceSink.Writer.class;
        }

        @Override
        public boolean hasToPrepare() {
            return flushes;
        }

        @Override
        void process(Object value) throws Exception {
            made(writer).write(value);
        }

        @Override
        Callable<?> prepareWriter(long checkpointId) {
            AtLeastOnceSink.Writer<Object> present = made(writer);
            return () -> {
                present.flush();
                return true;
            };
        }

        @Override
        void close0() throws Exception {
            AtLeastOnceSink.Writer<Object> present = writer;
            writer = null;
            if (present != null) {
                present.close();
            }
        }
    }
}
