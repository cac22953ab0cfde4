package dev.holdfast.engine.state;

import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Mailbox;
import java.util.List;

/** Skeleton: all keyed state of one slot. */
public final class SlotState implements AutoCloseable {
    private SlotState() {}

    /** Opens an empty state. Blocks. */
    public static SlotState open(SlotStateSettings settings, Env env, SortedStore.Factory stores, Mailbox loop) {
        throw new UnsupportedOperationException();
    }

    /**
     * Opens an operator's state and binds the declared states to it. Blocks while it fetches; may run beside other calls of
     * this method, not beside the loop's use of the result.
     *
     * @param reuse whether the restored segments may be referred to by later checkpoints; false for savepoints, whose
     *     bytes are then written again with the first checkpoint
     */
    public KeyedState keyed(KeyedOperatorSpec spec, List<RestoredBucket> restored, boolean reuse, SegmentSource source) {
        throw new UnsupportedOperationException();
    }

    /** Waits for nothing: calls that still run end with errors that nobody sees. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
