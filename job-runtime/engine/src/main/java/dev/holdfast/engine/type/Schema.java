package dev.holdfast.engine.type;

/** What the bytes of a type mean: stored beside them. */
public interface Schema {

    /** The schema as bytes, for the manifest. */
    byte[] encode();
}
