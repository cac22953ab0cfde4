package dev.holdfast.engine.operator;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.UnrecoverableException;
import dev.holdfast.api.state.Ttl;
import dev.holdfast.engine.checkpoint.Manifest;
import dev.holdfast.engine.checkpoint.Opaque;
import dev.holdfast.engine.checkpoint.OperatorManifest;
import dev.holdfast.engine.checkpoint.StateManifest;
import dev.holdfast.engine.graph.LogicalGraph;
import dev.holdfast.engine.graph.Node;
import dev.holdfast.engine.state.StateDeclaration;
import dev.holdfast.engine.state.StateKind;
import dev.holdfast.engine.state.StateSchemas;
import dev.holdfast.engine.state.StoredState;
import dev.holdfast.engine.type.Evolution;
import dev.holdfast.engine.type.Schema;
import dev.holdfast.engine.type.TypeSerializer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The ids and schemas of all states of a job: those of the restored manifest, and new ones for what is new. A pure function of
 * manifest and program, so that the coordinator and every worker come to the same result. Says before anything runs if the
 * program cannot go on from the manifest.
 */
public final class StateLayout {
    private final Map<String, OperatorLayout> operators;

    private StateLayout(Map<String, OperatorLayout> operators) {
        this.operators = operators;
    }

    /**
     * One operator's ids.
     *
     * @param states those of the manifest, in its order, then new ones
     * @param keySchema encoded schema of the key, if it is keyed
     * @param ttlMs time to live by state name; absent is for ever
     */
    public record OperatorLayout(
            String name,
            OperatorManifest.Kind kind,
            int operatorId,
            Optional<Opaque> keySchema,
            List<StoredState> states,
            Map<String, Long> ttlMs) {}

    /**
     * Fits a program to what it starts from.
     *
     * @param restored the manifest, or null for a start without state
     * @param allowDropped whether operators of the manifest may be missing in the program; their state is lost then
     * @throws HoldfastException HF-STA-02x, HF-STA-01x, HF-TYP-… with the first thing that does not fit
     */
    public static StateLayout of(Program program, @Nullable Manifest restored, boolean allowDropped) {
        Map<String, OperatorManifest> known = new LinkedHashMap<>();
        if (restored != null) {
            checkMaxParallelism(program, restored);
            restored.operators().forEach(operator -> known.put(operator.name(), operator));
        }
        int nextId = 1
                + known.values().stream()
                        .mapToInt(OperatorManifest::operatorId)
                        .max()
                        .orElse(0);
        Map<String, OperatorLayout> layouts = new LinkedHashMap<>();
        for (LogicalGraph.Operator operator : program.graph().operators()) {
            Optional<OperatorManifest.Kind> kind = kind(operator.node());
            if (kind.isEmpty()) {
                continue;
            }
            OperatorManifest before = known.get(operator.name());
            int id = before != null ? before.operatorId() : nextId++;
            layouts.put(operator.name(), layout(operator, program.instance(operator.number()), kind.get(), id, before));
        }
        if (!allowDropped) {
            checkDropped(known, layouts.keySet());
        }
        return new StateLayout(layouts);
    }

    /**
     * Checks that the program can commit what the log has decided: that each sink with committables is still there.
     *
     * @throws HoldfastException HF-STA-025 with the sinks that are gone
     */
    public static void checkCommittable(Program program, Manifest decided) {
        Set<String> gone = new TreeSet<>();
        for (OperatorManifest operator : decided.operators()) {
            boolean open = operator.subtasks().stream()
                    .anyMatch(subtask -> subtask.committables().isPresent());
            boolean present = program.graph().operators().stream()
                    .anyMatch(candidate -> candidate.node() instanceof Node.Write
                            && candidate.name().equals(operator.name()));
            if (open && !present) {
                gone.add(operator.name());
            }
        }
        if (!gone.isEmpty()) {
            throw new UnrecoverableException(
                    "HF-STA-025",
                    "checkpoint " + decided.checkpointId() + " is to commit transactions of sinks " + gone
                            + ", which the program has no more. Start once with a program that has them, and stop it with a"
                            + " savepoint; then start the new one from that.");
        }
    }

    /** All operators that have a name of their own, in the order of the graph. */
    public List<OperatorLayout> operators() {
        return List.copyOf(operators.values());
    }

    public OperatorLayout operator(String name) {
        OperatorLayout layout = operators.get(name);
        if (layout == null) {
            throw new IllegalArgumentException("operator '" + name + "' has no state layout");
        }
        return layout;
    }

    /** What a manifest says of an operator's states. */
    public List<StateManifest> manifests(String name) {
        OperatorLayout layout = operator(name);
        return layout.states().stream()
                .map(state -> manifest(state, layout.ttlMs().getOrDefault(state.name(), 0L)))
                .toList();
    }

    /** The kind of an operator that has a name of its own; empty for map, flatMap and filter. */
    private static Optional<OperatorManifest.Kind> kind(Node node) {
        return switch (node) {
            case Node.Read n -> Optional.of(OperatorManifest.Kind.SOURCE);
            case Node.Write n -> Optional.of(OperatorManifest.Kind.SINK);
            case Node.Apply n -> Optional.of(OperatorManifest.Kind.UNKEYED);
            case Node.ApplyKeyed n -> Optional.of(OperatorManifest.Kind.KEYED);
            case Node.ApplyConnected n -> Optional.of(OperatorManifest.Kind.KEYED);
            case Node.Reduce n -> Optional.of(OperatorManifest.Kind.KEYED);
            case Node.Aggregate n -> Optional.of(OperatorManifest.Kind.KEYED);
            case Node.Map n -> Optional.empty();
            case Node.FlatMap n -> Optional.empty();
            case Node.Filter n -> Optional.empty();
        };
    }

    private static OperatorLayout layout(
            LogicalGraph.Operator operator,
            Program.Instance instance,
            OperatorManifest.Kind kind,
            int id,
            @Nullable OperatorManifest before) {
        List<StoredState> known = new ArrayList<>();
        Map<String, Long> ttlMs = new LinkedHashMap<>();
        if (before != null) {
            if (before.kind() != kind) {
                throw new UnrecoverableException(
                        "HF-STA-024",
                        "operator '" + operator.name() + "' was " + before.kind() + " in the checkpoint and is " + kind
                                + " in the program. Give the new operator another name.");
            }
            instance.key().ifPresent(key -> checkKey(operator.name(), before, key));
            for (StateManifest state : before.states()) {
                known.add(stored(state));
                ttlMs.put(state.name(), state.ttlMs());
            }
        }
        List<StateDeclaration> declared = instance.states().declared();
        for (StateDeclaration state : declared) {
            Ttl ttl = state.ttl();
            ttlMs.put(state.name(), ttl == null ? 0 : ttl.after().toMillis());
        }
        return new OperatorLayout(
                operator.name(),
                kind,
                id,
                instance.key().map(key -> new Opaque(key.schema().encode())),
                StateSchemas.plan(operator.name(), declared, known),
                Map.copyOf(ttlMs));
    }

    private static void checkMaxParallelism(Program program, Manifest restored) {
        int now = program.graph().maxParallelism();
        if (restored.maxParallelism() != now) {
            throw new UnrecoverableException(
                    "HF-STA-021",
                    "the maximum parallelism is " + now + ", in checkpoint " + restored.checkpointId() + " it is "
                            + restored.maxParallelism() + ". It is fixed for the life of a job's state: set it back.");
        }
    }

    private static void checkKey(String operator, OperatorManifest before, TypeSerializer<?> key) {
        Opaque written = before.keySchema()
                .orElseThrow(() -> new IllegalStateException("keyed operator '" + operator + "' has no key schema"));
        Evolution.checkKey(operator, Schema.decode(written.bytes()), key).ifPresent(refusal -> {
            // One error, one code.
            throw new UnrecoverableException(
                    "HF-STA-022", "operator '" + operator + "': " + refusal.replaceFirst("^HF-TYP-\\d+: ", ""));
        });
    }

    private static void checkDropped(Map<String, OperatorManifest> known, Set<String> present) {
        Set<String> dropped = new TreeSet<>();
        known.forEach((name, operator) -> {
            if (!present.contains(name) && hasState(operator)) {
                dropped.add(name);
            }
        });
        if (!dropped.isEmpty()) {
            throw new UnrecoverableException(
                    "HF-STA-023",
                    "the checkpoint has state of operators " + dropped
                            + ", which the program has no more. Bring them back under"
                            + " the same names, or set restore.allow-dropped-state to lose their state.");
        }
    }

    private static boolean hasState(OperatorManifest operator) {
        return operator.subtasks().stream()
                .anyMatch(subtask -> !subtask.keyed().isEmpty()
                        || !subtask.operatorStates().isEmpty()
                        || subtask.splits().isPresent()
                        || subtask.committables().isPresent());
    }

    private static StoredState stored(StateManifest state) {
        StateKind kind = kind(state.kind());
        List<List<Schema>> versions = state.schemas().stream()
                .map(version -> schemas(kind, Schema.decode(version.schema().bytes())))
                .toList();
        return new StoredState(state.name(), kind, state.stateId(), versions, versions.size() - 1);
    }

    /** Maps have two schemas, kept as one of a map. */
    private static List<Schema> schemas(StateKind kind, Schema schema) {
        if (kind != StateKind.MAP && kind != StateKind.BROADCAST) {
            return List.of(schema);
        }
        if (schema instanceof Schema.MapOf map) {
            return List.of(map.key(), map.value());
        }
        throw new IllegalStateException("a state of kind " + kind + " has the schema " + schema);
    }

    private static StateManifest manifest(StoredState state, long ttlMs) {
        List<StateManifest.SchemaVersion> versions = new ArrayList<>();
        for (List<Schema> schemas : state.versions()) {
            Schema whole = schemas.size() == 1 ? schemas.getFirst() : new Schema.MapOf(schemas.get(0), schemas.get(1));
            versions.add(new StateManifest.SchemaVersion(versions.size(), new Opaque(whole.encode())));
        }
        return new StateManifest(state.name(), state.id(), kind(state.kind()), ttlMs, versions);
    }

    private static StateManifest.Kind kind(StateKind kind) {
        return switch (kind) {
            case VALUE -> StateManifest.Kind.VALUE;
            case LIST -> StateManifest.Kind.LIST;
            case MAP -> StateManifest.Kind.MAP;
            case REDUCING -> StateManifest.Kind.REDUCING;
            case AGGREGATING -> StateManifest.Kind.AGGREGATING;
            case OPERATOR_LIST -> StateManifest.Kind.OPERATOR_LIST;
            case UNION_LIST -> StateManifest.Kind.OPERATOR_UNION;
            case BROADCAST -> StateManifest.Kind.OPERATOR_BROADCAST;
        };
    }

    private static StateKind kind(StateManifest.Kind kind) {
        return switch (kind) {
            case VALUE -> StateKind.VALUE;
            case LIST -> StateKind.LIST;
            case MAP -> StateKind.MAP;
            case REDUCING -> StateKind.REDUCING;
            case AGGREGATING -> StateKind.AGGREGATING;
            case OPERATOR_LIST -> StateKind.OPERATOR_LIST;
            case OPERATOR_UNION -> StateKind.UNION_LIST;
            case OPERATOR_BROADCAST -> StateKind.BROADCAST;
        };
    }
}
