package dev.holdfast.engine.task;

import dev.holdfast.api.Parameters;

/**
 * Which job it is.
 *
 * @param name for people
 * @param id part of every name that sinks give to something outside; see {@code SinkContext.jobId}
 */
public record JobIdentity(String name, String id, Parameters parameters) {}
