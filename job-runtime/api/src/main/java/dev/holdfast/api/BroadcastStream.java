package dev.holdfast.api;

/** A stream of which every task of the next operator sees every record; made by {@link Stream#broadcast}. */
public interface BroadcastStream<T> {}
