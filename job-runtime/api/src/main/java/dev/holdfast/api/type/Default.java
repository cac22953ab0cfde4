package dev.holdfast.api.type;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The value that a record component has in values written before the component existed. Optionals are empty and
 * collections are empty without it; any other new component needs it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {

    /** The value as text: a number, {@code true} or {@code false}, a string, an enum constant, or a time in ISO-8601 form. */
    String value();
}
