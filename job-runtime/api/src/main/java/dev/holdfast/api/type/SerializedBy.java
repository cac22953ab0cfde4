package dev.holdfast.api.type;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the serializer of a class where it is a component of a derived type. The serializer needs a public no-argument
 * constructor. On a record component it goes before the one on the class.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT})
public @interface SerializedBy {

    Class<? extends Serializer<?>> value();

    /** Identity of the format, kept in the schema. */
    String name();
}
