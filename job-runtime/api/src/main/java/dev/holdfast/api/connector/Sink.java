package dev.holdfast.api.connector;

/** Where records go; one of three kinds, by what it promises. */
public sealed interface Sink<T> permits TransactionalSink, IdempotentSink, AtLeastOnceSink {}
