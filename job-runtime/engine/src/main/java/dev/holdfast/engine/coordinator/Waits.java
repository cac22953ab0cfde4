package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.coordinator.JobStatus.Phase;
import dev.holdfast.engine.protocol.Timeouts;
import dev.holdfast.engine.protocol.ToCoordinator;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a job waits for, since when, and when that has lasted too long. Workers say what their slots wait for; the coordinator adds
 * what it waits for itself: their answers, and its own work on the store. Decides nothing; on the coordinator's thread.
 */
final class Waits {
    /** What is shorter is no wait that anybody wants to read of. */
    private static final long TELL_AFTER_NS = 2_000_000_000L;

    private static final long TELL_EVERY_NS = 1_000_000_000L;

    /** All tries of an append together end before; so this is a store whose calls do not end. */
    private static final long STORE_LIMIT_NS = 7_200_000_000_000L;

    private final Timeouts timeouts;
    private final TreeMap<Integer, Wait> reported = new TreeMap<>();
    private long enteredNs;
    private long cancelledNs;
    private long toldNs;
    private boolean toldWait;

    Waits(Timeouts timeouts) {
        this.timeouts = timeouts;
    }

    /** Something that is waited for. */
    record Wait(String what, long sinceNs) {
        String text(long nowNs) {
            return what + " since " + (nowNs - sinceNs) / 1_000_000_000 + " s";
        }
    }

    /** What the coordinator sees of the rest. */
    record Facts(
            Phase phase,
            Set<Integer> undeployed,
            Set<Integer> busy,
            @Nullable CheckpointCoordinator checkpoints) {}

    void entered(long nowNs) {
        enteredNs = nowNs;
    }

    void attemptBegins() {
        reported.clear();
    }

    void attemptEnds(long nowNs) {
        cancelledNs = nowNs;
    }

    void reported(ToCoordinator.Waiting waiting, long nowNs) {
        if (waiting.what().isEmpty()) {
            reported.remove(waiting.worker());
        } else {
            reported.put(waiting.worker(), new Wait(waiting.what(), nowNs - waiting.forMs() * 1_000_000));
        }
    }

    /** Whether the text is to be told: once a second while there is something to say, and once when there is nothing any more. */
    boolean isToBeTold(Facts facts, long nowNs) {
        if (nowNs - toldNs < TELL_EVERY_NS) {
            return false;
        }
        boolean waits = !text(facts, nowNs).isEmpty();
        boolean tell = waits || toldWait;
        toldNs = tell ? nowNs : toldNs;
        toldWait = waits;
        return tell;
    }

    /** What has been waited for longest; empty if nothing has for long. */
    String text(Facts facts, long nowNs) {
        return longest(facts)
                .filter(wait -> nowNs - wait.sinceNs() >= TELL_AFTER_NS)
                .map(wait -> "waiting for " + wait.text(nowNs))
                .orElse("");
    }

    /** A message of the job, and behind it what it waits for. */
    String text(String message, Facts facts, long nowNs) {
        String waiting = text(facts, nowNs);
        return message.isEmpty() || waiting.isEmpty() ? message + waiting : message + "; " + waiting;
    }

    private Optional<Wait> longest(Facts facts) {
        if (facts.phase().isFinal()) {
            return Optional.empty();
        }
        // What workers say is more exact than that they have not answered.
        return reported.entrySet().stream()
                .filter(entry -> facts.busy().contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .min(Comparator.comparingLong(Wait::sinceNs))
                .or(() -> own(facts).min(Comparator.comparingLong(Wait::sinceNs)));
    }

    private Stream<Wait> own(Facts facts) {
        return switch (facts.phase()) {
            case STARTING -> Stream.of(new Wait("the store, to read the job's log", enteredNs));
            case DEPLOYING ->
                Stream.of(new Wait(
                        facts.undeployed().isEmpty()
                                ? "the store, to read the positions of sources"
                                : "workers " + facts.undeployed() + " to deploy",
                        enteredNs));
            case RUNNING -> store(facts);
            case RESTARTING, STOPPING ->
                facts.busy().isEmpty()
                        ? store(facts)
                        : Stream.of(new Wait("workers " + facts.busy() + " to end their tasks", cancelledNs));
            case WAITING, FINISHED, CANCELED, SUSPENDED, FAILED, FENCED, INTERRUPTED -> Stream.empty();
        };
    }

    private static Stream<Wait> store(Facts facts) {
        CheckpointCoordinator checkpoints = facts.checkpoints();
        return checkpoints == null ? Stream.empty() : checkpoints.waits().stream();
    }

    /** What has lasted too long. */
    sealed interface Overdue {
        /** Nothing has. */
        record Nothing() implements Overdue {}

        /** The attempt has to fail. */
        record Attempt(String code, String text) implements Overdue {}

        /** Workers should have ended the attempt long ago, or at least have said what keeps them. */
        record Cancel(String text) implements Overdue {}

        /** The store has kept an ending waiting for so long that it will not answer. */
        record Store(String text) implements Overdue {}
    }

    Overdue overdue(Facts facts, long nowNs) {
        return switch (facts.phase()) {
            case DEPLOYING, RUNNING -> attemptOverdue(facts, nowNs);
            case RESTARTING, STOPPING -> endOverdue(facts, nowNs);
            case STARTING, WAITING, FINISHED, CANCELED, SUSPENDED, FAILED, FENCED, INTERRUPTED -> new Overdue.Nothing();
        };
    }

    private Overdue attemptOverdue(Facts facts, long nowNs) {
        CheckpointCoordinator checkpoints = facts.checkpoints();
        if (facts.phase() == Phase.DEPLOYING
                && nowNs - enteredNs > timeouts.deploy().toNanos()) {
            return new Overdue.Attempt(
                    "HF-RUN-012",
                    "the job is not deployed after " + timeouts.deploy().toMillis() + " ms (" + Timeouts.DEPLOY + "): "
                            + text(facts, nowNs));
        }
        long commitNs = timeouts.commit().plus(Timeouts.GRACE).toNanos();
        Optional<Wait> commit = checkpoints == null ? Optional.empty() : checkpoints.commitWait();
        return commit.filter(wait -> nowNs - wait.sinceNs() > commitNs)
                .<Overdue>map(wait -> new Overdue.Attempt("HF-SNK-003", "waited for " + wait.text(nowNs)))
                .orElse(new Overdue.Nothing());
    }

    private Overdue endOverdue(Facts facts, long nowNs) {
        long cancelNs = timeouts.cancel().plus(Timeouts.GRACE).toNanos();
        if (!facts.busy().isEmpty()) {
            return nowNs - cancelledNs > cancelNs ? new Overdue.Cancel(text(facts, nowNs)) : new Overdue.Nothing();
        }
        return nowNs - enteredNs > STORE_LIMIT_NS
                        && store(facts).anyMatch(wait -> nowNs - wait.sinceNs() > STORE_LIMIT_NS)
                ? new Overdue.Store(text(facts, nowNs))
                : new Overdue.Nothing();
    }
}
