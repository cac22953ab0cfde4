package dev.holdfast.engine.protocol;

/** Anything that a coordinator and a worker send to each other. */
public sealed interface Message permits Session, ToCoordinator, ToWorker {}
