package dev.holdfast.engine.operator;

import dev.holdfast.api.connector.AtLeastOnceSink;
import dev.holdfast.api.connector.SinkContext;

/** A sink for programs that are only planned. */
record NoSink<T>() implements AtLeastOnceSink<T> {
    @Override
    public Writer<T> writer(SinkContext context) {
        throw new UnsupportedOperationException("this sink is only planned");
    }
}
