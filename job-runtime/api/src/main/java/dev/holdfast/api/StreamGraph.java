package dev.holdfast.api;

import dev.holdfast.api.connector.Source;

/** Where a program describes its job: every stream begins at a source of this graph. Only valid during {@code define}. */
public interface StreamGraph {

    /**
     * Adds a source.
     *
     * @param name identity of the source's state: unique in the job, 1 to 100 letters, digits, {@code -}, {@code _} or
     *     {@code .}; a later version of the program finds its positions by this name
     */
    <T> Stream<T> source(String name, Source<T, ?, ?> source);
}
