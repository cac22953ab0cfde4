package dev.holdfast.engine.coordinator;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An attempt that is to end at a checkpoint, so that the next one does nothing again: for another parallelism, or since a worker is
 * about to end. It is no failure.
 *
 * <pre>
 * NONE      -> WANTED     somebody has a reason
 * WANTED    -> TRIGGERED  its checkpoint has begun
 * TRIGGERED -> WANTED     the checkpoint was given up
 * any       -> NONE       all reasons were given up, or another attempt begins
 * </pre>
 *
 * When the checkpoint is committed, the attempt is to end. On the coordinator's thread.
 */
final class Handover {
    /** No checkpoint has this number. */
    private static final long NONE = 0;

    private final Map<String, String> reasons = new LinkedHashMap<>();
    private long checkpoint = NONE;

    /**
     * The attempt is to end.
     *
     * @param who has the reason; a later one of the same takes its place
     * @param text for people
     */
    void want(String who, String text) {
        reasons.put(who, text);
    }

    void giveUp(String who) {
        reasons.remove(who);
        if (reasons.isEmpty()) {
            checkpoint = NONE;
        }
    }

    /** Whether a checkpoint is to begin for it. */
    boolean needsCheckpoint() {
        return !reasons.isEmpty() && checkpoint == NONE;
    }

    void triggered(long checkpointId) {
        checkpoint = checkpointId;
    }

    /** A checkpoint was given up. */
    void aborted(long checkpointId) {
        if (checkpoint == checkpointId) {
            checkpoint = NONE;
        }
    }

    /** Whether its checkpoint is among what is committed. */
    boolean isDue(long committed) {
        return !reasons.isEmpty() && checkpoint != NONE && committed >= checkpoint;
    }

    /** For people: why the attempt ends. */
    String text() {
        return String.join("; ", reasons.values());
    }

    void attemptBegins() {
        reasons.clear();
        checkpoint = NONE;
    }
}
