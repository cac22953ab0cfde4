package dev.holdfast.connector.files;

/** Turns records into the bytes of a file. Must be stateless: all tasks share it. */
@FunctionalInterface
public interface RowEncoder<T> {

    /** Appends one record with whatever ends it, such as a line end. Called on the task's thread for every record. */
    void encode(T record, RowBuffer out);
}
