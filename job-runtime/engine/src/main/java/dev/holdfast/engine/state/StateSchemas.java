package dev.holdfast.engine.state;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.UnrecoverableException;
import dev.holdfast.engine.type.Evolution;
import dev.holdfast.engine.type.Reader;
import dev.holdfast.engine.type.Schema;
import dev.holdfast.engine.type.TypeSerializer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ids and schema versions of an operator's states: a pure function of what the program declares and what the restored
 * manifest lists. The result goes into the manifests of later checkpoints.
 */
public final class StateSchemas {
    private StateSchemas() {}

    /**
     * The states of an operator as the next manifest lists them: those known, in their order, with a new version where the
     * schema is one that was not there before; then those new, with ids that no state of the operator had. Known states that
     * are no longer declared stay: their entries are still in the segments.
     *
     * @throws HoldfastException HF-STA-010 if a state's kind has changed, HF-STA-011 if values of an older schema cannot be
     *     read, HF-STA-012 if a map's keys changed, HF-STA-013 if the operator has used up its ids
     */
    public static List<StoredState> plan(String operator, List<StateDeclaration> declared, List<StoredState> known) {
        Map<String, StateDeclaration> open = new HashMap<>();
        declared.forEach(each -> open.put(each.name(), each));
        List<StoredState> planned = new ArrayList<>();
        int nextId = 0;
        for (StoredState stored : known) {
            StateDeclaration declaration = open.remove(stored.name());
            planned.add(declaration == null ? stored : evolve(operator, declaration, stored));
            nextId = Math.max(nextId, stored.id() + 1);
        }
        for (StateDeclaration declaration : declared) {
            if (open.containsKey(declaration.name())) {
                if (nextId > StoredState.MAX_ID) {
                    throw new UnrecoverableException(
                            "HF-STA-013",
                            "operator '" + operator + "' has had " + nextId + " states, and can have no more: state '"
                                    + declaration.name()
                                    + "' gets no id. Give the operator a new name; its state is then"
                                    + " empty.");
                }
                planned.add(new StoredState(
                        declaration.name(), declaration.kind(), nextId++, List.of(declaration.schemas()), 0));
            }
        }
        return planned;
    }

    private static StoredState evolve(String operator, StateDeclaration declaration, StoredState stored) {
        if (declaration.kind() != stored.kind()) {
            throw new UnrecoverableException(
                    "HF-STA-010",
                    "state '" + stored.name() + "' of operator '" + operator + "' is of kind " + stored.kind()
                            + " in the checkpoint, and of kind " + declaration.kind()
                            + " in the program. Give the new state another name, or restore without this one.");
        }
        for (List<Schema> version : stored.versions()) {
            check(operator, declaration, version);
        }
        List<Schema> today = declaration.schemas();
        int same = stored.versions().indexOf(today);
        if (same >= 0) {
            return new StoredState(stored.name(), stored.kind(), stored.id(), stored.versions(), same);
        }
        List<List<Schema>> versions = new ArrayList<>(stored.versions());
        versions.add(today);
        return new StoredState(stored.name(), stored.kind(), stored.id(), versions, versions.size() - 1);
    }

    private static void check(String operator, StateDeclaration declaration, List<Schema> written) {
        for (int i = 0; i < written.size(); i++) {
            TypeSerializer<?> type = declaration.types().get(i);
            String label = "'" + declaration.name() + "' of operator '" + operator + "'";
            boolean key = declaration.kind() == StateKind.MAP && i == 0;
            Optional<String> refused = key
                    ? Evolution.checkKey(label, written.get(i), type)
                    : Evolution.check(label, written.get(i), type);
            if (refused.isPresent()) {
                throw new UnrecoverableException(key ? "HF-STA-012" : "HF-STA-011", withoutCode(refused.get()));
            }
        }
    }

    /** One error, one code. */
    private static String withoutCode(String text) {
        return text.replaceFirst("^HF-TYP-\\d+: ", "");
    }

    /** What is stored of a declared state. */
    static StoredState find(String operator, StateDeclaration declaration, List<StoredState> stored) {
        StoredState found = null;
        for (StoredState each : stored) {
            if (each.name().equals(declaration.name())) {
                found = each;
            }
        }
        return require(operator, declaration, found);
    }

    private static StoredState require(String operator, StateDeclaration declaration, @Nullable StoredState found) {
        if (found == null || found.kind() != declaration.kind()) {
            throw new IllegalStateException("state '" + declaration.name() + "' of operator '" + operator
                    + "' has no id: the coordinator's plan lists " + (found == null ? "no such state" : found));
        }
        return found;
    }

    /** Readers of all versions of one of a state's types. */
    static List<Reader<Object>> readers(StateDeclaration declaration, StoredState stored, int type) {
        TypeSerializer<Object> serializer =
                Unchecked.serializer(declaration.types().get(type));
        List<Reader<Object>> readers = new ArrayList<>();
        for (List<Schema> version : stored.versions()) {
            Schema written = version.get(type);
            readers.add(written.equals(serializer.schema()) ? serializer::read : Evolution.reader(written, serializer));
        }
        return readers;
    }
}
