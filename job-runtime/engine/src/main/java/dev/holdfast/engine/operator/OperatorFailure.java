package dev.holdfast.engine.operator;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.UnrecoverableException;
import org.jspecify.annotations.Nullable;

/** User code threw, or broke its contract. Names the operator; the task adds its number and the record's position. */
public final class OperatorFailure extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final String operator;

    OperatorFailure(String operator, String what, @Nullable Throwable cause) {
        super("HF-RUN-001", "operator '" + operator + "' " + what, cause);
        this.operator = operator;
    }

    public String operator() {
        return operator;
    }

    /** Whether an error has a code that says more than that user code threw. */
    public static boolean isNamed(Throwable error) {
        return error instanceof HoldfastException known && !known.code().equals(UnrecoverableException.UNNAMED);
    }

    /** The failure behind an error that came up a chain: a deeper operator's own, or this operator's. */
    static RuntimeException of(String operator, String what, Throwable error) {
        if (error instanceof HoldfastException known && isNamed(known)) {
            return known;
        }
        if (error instanceof VirtualMachineError fatal) {
            throw fatal;
        }
        return new OperatorFailure(operator, what + " threw " + error, error);
    }
}
