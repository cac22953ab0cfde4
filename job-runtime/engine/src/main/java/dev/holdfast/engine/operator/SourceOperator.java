package dev.holdfast.engine.operator;

import dev.holdfast.api.Lifecycle;
import dev.holdfast.api.connector.ReaderContext;
import dev.holdfast.api.connector.Source;
import dev.holdfast.api.connector.SourceReader;
import dev.holdfast.engine.state.StateDeclarations;
import dev.holdfast.engine.type.TypeSerializer;
import dev.holdfast.engine.type.TypeSerializers;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The head of a chain without inputs: drives a source's reader. */
public final class SourceOperator extends ChainOperator {
    private static final Lifecycle NO_FUNCTION = new Lifecycle() {};

    private final Source<Object, Object, ?> source;
    private final TypeSerializer<Object> splits;
    private final OperatorOutput out;
    private @Nullable SourceReader<Object, Object> reader;

    SourceOperator(
            int number, String name, StateDeclarations states, Source<Object, Object, ?> source, OperatorOutput out) {
        super(number, name, states, NO_FUNCTION);
        this.source = source;
        this.splits = TypeSerializers.of(source.splitType());
        this.out = out;
    }

    /** Makes the reader. */
    public void start(ReaderContext context) {
        try {
            reader = source.reader(context);
        } catch (Exception | Error e) {
            throw OperatorFailure.of(name(), "while its reader was made", e);
        }
    }

    /** Gives the reader splits as {@link #snapshot} or the enumerator wrote them. */
    public void addSplits(byte[] encoded) {
        List<Object> added = StoredValues.read("splits of source '" + name() + "'", encoded, splits);
        guarded("in addSplits", () -> reader().addSplits(added));
    }

    public void noMoreSplits() {
        guarded("in noMoreSplits", reader()::noMoreSplits);
    }

    /** Emits at most {@code max} records. */
    public SourceReader.Status read(int max) {
        try {
            return reader().read(out, max);
        } catch (Exception | Error e) {
            throw OperatorFailure.of(name(), "in read", e);
        }
    }

    /** The splits with their positions, as bytes. */
    public byte[] snapshot(long checkpointId) {
        try {
            return StoredValues.write(reader().snapshot(checkpointId), splits);
        } catch (Exception | Error e) {
            throw OperatorFailure.of(name(), "in snapshot", e);
        }
    }

    /** Tells the reader what the whole chain is told by {@link #checkpointCompleted}. */
    public void readerCheckpointCompleted(long checkpointId) {
        guarded("in checkpointCompleted", () -> reader().checkpointCompleted(checkpointId));
    }

    /** Place of the last record, for errors. */
    public String position() {
        SourceReader<Object, Object> present = reader;
        return present == null ? "before the first record" : present.position();
    }

    /** Records emitted so far. */
    public long emitted() {
        return out.count();
    }

    /** Records that the reader knows to be there and has not read; on the task's thread. */
    public OptionalLong pendingRecords() {
        SourceReader<Object, Object> present = reader;
        if (present == null) {
            return OptionalLong.empty();
        }
        try {
            return present.pendingRecords();
        } catch (Exception | Error e) {
            throw OperatorFailure.of(name(), "in pendingRecords", e);
        }
    }

    /** Closes the reader, if there is one. */
    public void closeReader() {
        SourceReader<Object, Object> present = reader;
        if (present != null) {
            reader = null;
            guarded("in close", present::close);
        }
    }

    @Override
    void process(Object value) {
        throw new IllegalStateException("a record came to source '" + name() + "'");
    }

    private SourceReader<Object, Object> reader() {
        SourceReader<Object, Object> present = reader;
        if (present == null) {
            throw new IllegalStateException("source '" + name() + "' has no reader yet");
        }
        return present;
    }

    private void guarded(String what, ReaderCall call) {
        try {
            call.run();
        } catch (Exception | Error e) {
            throw OperatorFailure.of(name(), what, e);
        }
    }

    @FunctionalInterface
    private interface ReaderCall {
        void run() throws Exception;
    }
}
