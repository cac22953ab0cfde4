package dev.holdfast.engine.checkpoint;

/** The enumerator of the source with this name. */
public record EnumeratorManifest(String source, Blob state) {}
