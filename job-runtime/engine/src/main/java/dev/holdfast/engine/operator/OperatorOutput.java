package dev.holdfast.engine.operator;

import dev.holdfast.api.Output;

/** What a function is given to emit to: refuses null, counts, passes on. */
final class OperatorOutput implements Output<Object> {
    private final String operator;
    private final Output<Object> target;
    private long count;

    OperatorOutput(String operator, Output<Object> target) {
        this.operator = operator;
        this.target = target;
    }

    @Override
    public void emit(Object value) {
        if (value == null) {
            throw new OperatorFailure(operator, "emitted null. Use an Optional or emit nothing.", null);
        }
        count++;
        target.emit(value);
    }

    long count() {
        return count;
    }
}
