package dev.holdfast.engine.state;

/** Kinds of state. The codes are written into manifests: frozen. */
public enum StateKind {
    VALUE(1),
    LIST(2),
    MAP(3),
    REDUCING(4),
    AGGREGATING(5),
    OPERATOR_LIST(6),
    UNION_LIST(7),
    BROADCAST(8);

    private final int code;

    StateKind(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** Whether the state belongs to a key rather than to a task. */
    public boolean isKeyed() {
        return code <= AGGREGATING.code;
    }

    /** The kind with a code. */
    public static StateKind ofCode(int code) {
        for (StateKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalStateException("damaged state list: no kind of state has code " + code);
    }
}
