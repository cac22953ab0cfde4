package dev.holdfast.api.connector;

/** A sink that may show records again after a failure: for logs, metrics and trials. */
public non-sealed interface AtLeastOnceSink<T> extends Sink<T> {

    /** Makes the writer of one task, on the task's thread. */
    Writer<T> writer(SinkContext context) throws Exception;

    /** Writes. All calls come from the task's thread. */
    interface Writer<T> {

        /** Takes a record for writing; must not block for long. */
        void write(T record) throws Exception;

        /** Writes everything that was taken; called off the task's thread at each barrier, while the task waits. */
        default void flush() throws Exception {}

        /** Called once at the end, also after a failure. */
        default void close() throws Exception {}
    }
}
