package dev.holdfast.api.connector;

import java.util.List;

/**
 * Finds splits and deals them out. One for each source and attempt; all calls come from the coordinator's thread and must
 * not block: listings and look-ups go through {@link EnumeratorContext#background}. A method that throws fails the job's
 * attempt.
 *
 * @param <S> split
 * @param <E> state
 */
public interface SplitEnumerator<S, E> {

    /** Called once, before readers may ask. */
    void start() throws Exception;

    /** A reader has nothing left to read. Answer now or later, by an assignment or by {@link EnumeratorContext#noMoreSplits}. */
    void splitRequested(int reader) throws Exception;

    /**
     * The splits that readers held in the restored checkpoint, each at its position: they are to be dealt out again, to any
     * reader. Called before {@link #start}, if there are some.
     */
    void splitsReturned(List<S> splits) throws Exception;

    /** The state: every split that exists and was not assigned. Assignments made before this call are not part of it. */
    E snapshot(long checkpointId) throws Exception;

    /** Called once at the end, also after a failure. */
    default void close() throws Exception {}
}
