package dev.holdfast.engine.state;

import dev.holdfast.api.HoldfastException;
import org.jspecify.annotations.Nullable;

/** What a function holds of a keyed state. Without effect until it is bound to the state of a task. */
abstract sealed class KeyedHandle permits SingleHandle, ListHandle, MapHandle {
    final StateDeclaration declaration;
    private final String operator;
    private final long ttlMs;
    private final boolean refreshOnRead;
    private @Nullable StateTable table;

    KeyedHandle(String operator, StateDeclaration declaration) {
        this.operator = operator;
        this.declaration = declaration;
        this.ttlMs = declaration.ttl() == null ? 0 : declaration.ttl().after().toMillis();
        this.refreshOnRead = declaration.ttl() != null && declaration.ttl().refreshOnRead();
    }

    final void bind(StateTable to) {
        table = to;
    }

    /** The table, at the beginning of an access: what entries the caller holds from before may be evicted. */
    final StateTable table() {
        StateTable bound = table;
        if (bound == null) {
            throw new HoldfastException(
                    "HF-STA-003",
                    "state '" + declaration.name() + "' of operator '" + operator + "' is used before its task runs."
                            + " A constructor may declare states; use them in the function's calls for a record only.");
        }
        bound.makeRoom();
        return bound;
    }

    final Object requireValue(@Nullable Object value, String what) {
        if (value == null) {
            throw new HoldfastException(
                    "HF-STA-005",
                    what + " of state '" + declaration.name() + "' of operator '" + operator
                            + "' must not be null. To delete, use clear or remove.");
        }
        return value;
    }

    final boolean expires() {
        return ttlMs > 0;
    }

    final boolean refreshes() {
        return refreshOnRead;
    }

    final long nowMs(StateTable of) {
        return of.owner().nowMs();
    }

    /** When what is written now expires. */
    final long expiresMs(StateTable of) {
        long at = nowMs(of) + ttlMs;
        return at < 0 ? Expiring.NEVER_MS : at;
    }

    /** The value as it is held in memory. */
    final Object wrap(StateTable of, Object value) {
        return expires() ? new Expiring(value, expiresMs(of)) : value;
    }

    /** Whether something held in memory is to be shown. */
    final boolean isLive(StateTable of, Object held) {
        return !(held instanceof Expiring expiring) || !expiring.isExpired(nowMs(of));
    }
}
