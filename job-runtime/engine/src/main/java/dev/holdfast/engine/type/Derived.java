package dev.holdfast.engine.type;

/** A serializer whose shape is known. */
sealed interface Derived<T> extends TypeSerializer<T> permits DerivedSerializer, DirectSerializers.Direct {

    Shape shape();

    /** Where paths in errors start. */
    String path();

    /** The codecs of the shape and its parts, all made. */
    Codecs codecs();
}
