package dev.holdfast.engine.coordinator;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.protocol.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints that are being copied into savepoints. A copy that takes too long is given up: the savepoint has failed from then
 * on, whatever comes of the call. The checkpoint stays needed until the call has ended, for it reads it.
 */
final class SavepointCopies {
    private final Duration timeout;
    private final Ended ended;
    private final List<Copy> copies = new ArrayList<>();

    /** Takes the outcome of a savepoint, once. */
    @FunctionalInterface
    interface Ended {
        void ended(String name, long checkpointId, @Nullable Throwable error);
    }

    SavepointCopies(Duration timeout, Ended ended) {
        this.timeout = timeout;
        this.ended = ended;
    }

    /** One that is under way. */
    static final class Copy {
        private final String name;
        private final long checkpointId;
        private final long sinceNs;
        private volatile boolean givenUp;

        Copy(String name, long checkpointId, long sinceNs) {
            this.name = name;
            this.checkpointId = checkpointId;
            this.sinceNs = sinceNs;
        }

        /** Whether nobody wants it any more; from any thread. */
        boolean isGivenUp() {
            return givenUp;
        }
    }

    Copy begin(String name, long checkpointId, long nowNs) {
        Copy copy = new Copy(name, checkpointId, nowNs);
        copies.add(copy);
        return copy;
    }

    /** The call has ended; tells the outcome unless it was told before. */
    void ended(Copy copy, @Nullable Throwable error) {
        copies.remove(copy);
        if (!copy.givenUp) {
            ended.ended(copy.name, copy.checkpointId, error);
        }
    }

    /** Gives up what takes too long. */
    void expire(long nowNs) {
        for (Copy copy : List.copyOf(copies)) {
            if (!copy.givenUp && nowNs - copy.sinceNs > timeout.toNanos()) {
                copy.givenUp = true;
                ended.ended(
                        copy.name,
                        copy.checkpointId,
                        new HoldfastException(
                                "HF-CKP-014",
                                "savepoint " + copy.name + " is not copied after " + timeout.toMillis() + " ms ("
                                        + Timeouts.SAVEPOINT + ")"));
            }
        }
    }

    /** Whether somebody waits for the copy of a checkpoint, or of a newer one, into a savepoint of this name. */
    boolean isCopying(String name, long checkpointId) {
        return copies.stream()
                .anyMatch(copy -> copy.name.equals(name) && copy.checkpointId >= checkpointId && !copy.givenUp);
    }

    /** Numbers of the checkpoints that calls still read. */
    Set<Long> checkpoints() {
        return copies.stream().map(copy -> copy.checkpointId).collect(Collectors.toUnmodifiableSet());
    }

    Optional<Waits.Wait> longest() {
        return copies.stream()
                .filter(copy -> !copy.givenUp)
                .findFirst()
                .map(copy -> new Waits.Wait("the copy of savepoint " + copy.name, copy.sinceNs));
    }
}
