package dev.holdfast.api.connector;

import dev.holdfast.api.type.Type;
import org.jspecify.annotations.Nullable;

/**
 * Where records come from. A source consists of splits (a file range, a partition): the enumerator finds them and deals
 * them out, readers read them. At each checkpoint a split is in the enumerator's state or in exactly one reader's.
 *
 * @param <T> records
 * @param <S> a split with its position: an immutable value
 * @param <E> the enumerator's state: an immutable value
 */
public interface Source<T, S, E> {

    /** Type of the records. */
    Type<T> type();

    /** Type of the splits, for the checkpoint. */
    Type<S> splitType();

    /** Type of the enumerator's state, for the checkpoint. */
    Type<E> enumeratorType();

    /**
     * Makes the enumerator. Called once for each attempt of the job, by the coordinator.
     *
     * @param restored its state in the checkpoint that is restored, or null at the first start
     */
    SplitEnumerator<S, E> enumerator(EnumeratorContext<S> context, @Nullable E restored) throws Exception;

    /** Makes a reader. Called once for each task and attempt, on the task's thread. */
    SourceReader<T, S> reader(ReaderContext context) throws Exception;
}
