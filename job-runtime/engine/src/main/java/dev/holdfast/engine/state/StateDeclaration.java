package dev.holdfast.engine.state;

import dev.holdfast.api.state.Ttl;
import dev.holdfast.engine.type.Schema;
import dev.holdfast.engine.type.TypeSerializer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One state that a function declared.
 *
 * @param types of the value, the element or the accumulator; of key and value for maps
 * @param ttl null where values do not expire; always null for states of a task
 */
public record StateDeclaration(
        String name,
        StateKind kind,
        List<TypeSerializer<?>> types,
        @Nullable Ttl ttl) {
    public StateDeclaration {
        types = List.copyOf(types);
    }

    /** What the state's bytes mean if written today. */
    public List<Schema> schemas() {
        return types.stream().<Schema>map(TypeSerializer::schema).toList();
    }
}
