package dev.holdfast.engine.type;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.UnrecoverableException;
import java.util.List;
import java.util.Optional;

/**
 * Whether and how values of an older schema are read today.
 *
 * <p>Compatible are: a record's field that is new and has a default, is gone, or stands at another place; an enum constant
 * or a sealed case that is new or stands at another place; integers that become wider ones, {@code f32} that becomes
 * {@code f64}, integers of at most 16 bits that become {@code f32} and of at most 32 that become {@code f64}; a value that
 * becomes optional; a custom format of the same name and a higher version; another name for a record, sealed type or enum
 * as such. In sets and in keys of maps fields may not go. Everything else is refused.
 */
public final class Evolution {
    private Evolution() {}

    /**
     * Reads values that were written under an older schema; the serializer's own {@code read} if the bytes are the same.
     *
     * @throws HoldfastException HF-TYP-010 if the change is not a compatible one
     */
    public static <T> Reader<T> reader(Schema written, TypeSerializer<T> current) {
        if (isSame(written, current)) {
            return current::read;
        }
        if (!(current instanceof Derived<T> derived)) {
            throw new UnrecoverableException("HF-TYP-010", String.join("\n", foreign(written, current)));
        }
        Migration.Answer answer = Migration.find(written, derived);
        Codec<Object> codec = answer.codec();
        if (codec == null) {
            throw new UnrecoverableException("HF-TYP-010", String.join("\n", answer.problems()));
        }
        @SuppressWarnings("unchecked") // the codec makes values of the shape, which is that of T
        Codec<T> reading = (Codec<T>) codec;
        return in -> DerivedSerializer.guarded(reading, derived.path(), in);
    }

    /** Why values of {@code state} written under {@code written} cannot be read today; empty if they can. */
    public static Optional<String> check(String state, Schema written, TypeSerializer<?> current) {
        if (isSame(written, current)) {
            return Optional.empty();
        }
        List<String> problems = current instanceof Derived<?> derived
                ? Migration.find(written, derived).problems()
                : foreign(written, current);
        return problems.isEmpty()
                ? Optional.empty()
                : Optional.of("HF-TYP-010: state " + state + ": " + String.join("\n", problems));
    }

    /** As {@link #check} for keys, whose bytes must be the same: they decide where an entry lies. */
    public static Optional<String> checkKey(String state, Schema written, TypeSerializer<?> current) {
        if (isSame(written, current)) {
            return Optional.empty();
        }
        return Optional.of("HF-TYP-011: the key of state " + state + " was written as " + written + " and is "
                + current.schema() + " now. Keys never change their type: their bytes decide where an entry lies. Keep"
                + " the old type of key, or give the operator another name and let it start empty.");
    }

    private static boolean isSame(Schema written, TypeSerializer<?> current) {
        return written.equals(current.schema())
                || (current instanceof Derived<?> derived
                        && SameBytes.of(new Definitions(written), written, derived.shape()));
    }

    private static List<String> foreign(Schema written, TypeSerializer<?> current) {
        return List.of("it was written as " + written + " and is " + current.schema()
                + " now, by a serializer that reads no other. Keep the old type.");
    }
}
