package dev.holdfast.api.connector;

/**
 * A sink that writes by key, so that writing again what was written before changes nothing. After a failure some records
 * are written a second time; the final content is that of a run without failure, as long as a record's key and content
 * depend on the input alone.
 *
 * @param <T> records
 * @param <K> key under which a record is kept outside
 */
public non-sealed interface IdempotentSink<T, K> extends Sink<T> {

    /** The key of a record: two records with one key replace each other, the later one wins. */
    K key(T record);

    /** Makes the writer of one task, on the task's thread. */
    Writer<T, K> writer(SinkContext context) throws Exception;

    /** Writes. All calls come from the task's thread. */
    interface Writer<T, K> {

        /** Takes a record for writing; must not block for long. */
        void upsert(K key, T record) throws Exception;

        /** Writes everything that was taken; called off the task's thread at each barrier, while the task waits. */
        void flush() throws Exception;

        /** Called once at the end, also after a failure. */
        default void close() throws Exception {}
    }
}
