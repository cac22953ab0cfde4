package dev.holdfast.engine.operator;

import dev.holdfast.api.Emitter;
import dev.holdfast.api.Output;
import dev.holdfast.api.SideOutput;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The outputs of one operator: the main one and the side outputs that somebody reads. */
final class Outputs implements Emitter {
    private final OperatorOutput main;
    private final Map<String, OperatorOutput> sides;
    private final AtomicLong dropped = new AtomicLong();

    Outputs(OperatorOutput main, Map<String, OperatorOutput> sides) {
        this.main = main;
        this.sides = Map.copyOf(sides);
    }

    OperatorOutput main() {
        return main;
    }

    @Override
    public <T> void emit(SideOutput<T> side, T value) {
        OperatorOutput output = sides.get(side.name());
        if (output == null) {
            dropped.setOpaque(dropped.getPlain() + 1); // one writer
        } else {
            output.emit(value);
        }
    }

    /** Values emitted to side outputs that nobody reads; callable from any thread. */
    long dropped() {
        return dropped.getOpaque();
    }

    /** One target for several readers. */
    static Output<Object> toAll(List<Output<Object>> targets) {
        if (targets.size() == 1) {
            return targets.getFirst();
        }
        Output<?>[] all = targets.toArray(Output<?>[]::new);
        return value -> {
            for (Output<?> target : all) {
                emit(target, value);
            }
        };
    }

    @SuppressWarnings("unchecked") // a graph's edges connect equal types
    private static void emit(Output<?> target, Object value) {
        ((Output<Object>) target).emit(value);
    }
}
