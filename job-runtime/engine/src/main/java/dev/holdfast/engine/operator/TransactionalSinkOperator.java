package dev.holdfast.engine.operator;

import dev.holdfast.api.connector.SinkContext;
import dev.holdfast.api.connector.TransactionalSink;
import dev.holdfast.engine.state.StateDeclarations;
import dev.holdfast.engine.type.TypeSerializer;
import dev.holdfast.engine.type.TypeSerializers;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A sink with two phases. Keeps every committable from its prepare until its commit has succeeded: a checkpoint holds all
 * of its time, so one that was given up, or whose commit is still under way, loses nothing.
 */
public final class TransactionalSinkOperator extends SinkOperator {
    private final TransactionalSink<Object, Object> sink;
    private final TypeSerializer<Object> committableType;
    private final TreeMap<Long, List<Object>> uncommitted = new TreeMap<>();
    private TransactionalSink.@Nullable Writer<Object, Object> writer;

    TransactionalSinkOperator(
            int number, String name, StateDeclarations states, TransactionalSink<Object, Object> sink) {
        super(number, name, states);
        this.sink = sink;
        this.committableType = TypeSerializers.of(sink.committableType());
    }

    /** Makes the committer of this task; may block. */
    public TransactionalSink.Committer<Object> committer(SinkContext context) {
        try {
            return sink.committer(context);
        } catch (Exception | Error e) {
            throw OperatorFailure.of(name(), "while the committer of task " + context.index() + " was made", e);
        }
    }

    /** Removes what earlier attempts left; may block. */
    public void recover(TransactionalSink.Committer<Object> committer, int task) {
        try {
            committer.recover();
        } catch (Exception | Error e) {
            throw OperatorFailure.of(name(), "in recover of task " + task, e);
        }
    }

    /** Reads committables of a restored checkpoint. */
    public List<Object> read(byte[] encoded) {
        return StoredValues.read("committables of sink '" + name() + "'", encoded, committableType);
    }

    /** The committables that belong to a checkpoint, as bytes; null if there are none. */
    public byte @Nullable [] committables(long checkpointId) {
        List<Object> all = upTo(checkpointId);
        return all.isEmpty() ? null : StoredValues.write(all, committableType);
    }

    /** The committables that a completed checkpoint decides. */
    public List<Object> upTo(long checkpointId) {
        List<Object> all = new ArrayList<>();
        uncommitted.headMap(checkpointId, true).values().forEach(all::addAll);
        return all;
    }

    /** Everything up to this checkpoint was committed. */
    public void committed(long checkpointId) {
        uncommitted.headMap(checkpointId, true).clear();
    }

    @Override
    public boolean waitsForPrepare() {
        return false;
    }

    @Override
    public void prepared(long checkpointId, @Nullable Object result) {
        if (result instanceof List<?> committables && !committables.isEmpty()) {
            uncommitted.put(checkpointId, List.copyOf(committables));
        }
    }

    @Override
    void makeWriter(SinkContext context) throws Exception {
        writer = sink.writer(context);
    }

    @Override
    Callable<?> prepareWriter(long checkpointId) throws Exception {
        return made().prepare(checkpointId);
    }

    @Override
    void process(Object value) throws Exception {
        made().write(value);
    }

    @Override
    void close0() throws Exception {
        TransactionalSink.Writer<Object, Object> present = writer;
        writer = null;
        if (present != null) {
            present.close();
        }
    }

    private TransactionalSink.Writer<Object, Object> made() {
        TransactionalSink.Writer<Object, Object> present = writer;
        if (present == null) {
            throw new IllegalStateException("sink '" + name() + "' has no writer yet");
        }
        return present;
    }
}
