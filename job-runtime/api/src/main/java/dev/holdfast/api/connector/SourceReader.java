package dev.holdfast.api.connector;

import dev.holdfast.api.Output;
import java.util.List;
import java.util.OptionalLong;

/**
 * Reads splits on behalf of one task. All calls come from the task's thread and must not block: slow reads go through
 * {@link ReaderContext#background}. Records of one split must come in the same order each time it is read from the same
 * position.
 *
 * @param <T> records
 * @param <S> splits with their positions
 */
public interface SourceReader<T, S> {

    /** Splits to read, each at its position: new ones, or ones that a reader held in the restored checkpoint. */
    void addSplits(List<S> splits) throws Exception;

    /** No further split will come. */
    void noMoreSplits() throws Exception;

    /**
     * Emits at most {@code max} records.
     *
     * @return what to expect next
     */
    Status read(Output<T> out, int max) throws Exception;

    /**
     * The splits this reader holds, each at the position after the last record that was emitted; finished ones left out.
     * Called at a barrier, between reads.
     */
    List<S> snapshot(long checkpointId) throws Exception;

    /** A hint that everything up to this checkpoint is safe, for example to tell a broker how far one has come. */
    default void checkpointCompleted(long checkpointId) throws Exception {}

    /** The place of the last record that was emitted, as a person would name it; used in error texts. */
    String position();

    /**
     * Records that are there for this reader and were not read yet, as far as it knows without asking anybody; for the metric {@code
     * holdfast_source_pending_records}. Called a few times a second, between reads. Empty where it does not know.
     */
    default OptionalLong pendingRecords() throws Exception {
        return OptionalLong.empty();
    }

    /** Called once at the end, also after a failure. */
    default void close() throws Exception {}

    /** What to expect from the next read. */
    enum Status {
        /** There may be more now. */
        MORE,
        /** Nothing now: the engine asks again after background work was done, a split came, or about a millisecond. */
        NOTHING_NOW,
        /** All splits are read and no more will come. */
        END
    }
}
