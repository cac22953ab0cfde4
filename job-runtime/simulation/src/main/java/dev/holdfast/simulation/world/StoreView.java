package dev.holdfast.simulation.world;

import dev.holdfast.engine.checkpoint.LogRecord;
import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.StoreException;
import dev.holdfast.engine.env.simulated.SimulatedProcess;
import dev.holdfast.simulation.audit.BucketAudit;
import dev.holdfast.simulation.fault.CrashPoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One process's way to the bucket: with the troubles of the day, and with the crash points that can be seen here. */
final class StoreView implements ObjectStore {
    private final BucketAudit bucket;
    private final Troubles troubles;
    private final Points points;
    private @Nullable SimulatedProcess process;

    StoreView(BucketAudit bucket, Troubles troubles, Points points) {
        this.bucket = bucket;
        this.troubles = troubles;
        this.points = points;
    }

    /** Tells whose way it is, before the process does anything. */
    void attach(SimulatedProcess owner) {
        process = owner;
    }

    private SimulatedProcess owner() {
        return Objects.requireNonNull(process);
    }

    @Override
    public boolean putIfAbsent(String key, Content content) {
        byte[] bytes = copy(content);
        before(key);
        boolean written = call("putIfAbsent " + key, true, () -> bucket.putIfAbsent(key, Content.of(bytes)));
        after(key);
        return written;
    }

    @Override
    public void put(String key, Content content) {
        byte[] bytes = copy(content);
        before(key);
        call("put " + key, true, () -> {
            bucket.put(key, Content.of(bytes));
            return true;
        });
        after(key);
    }

    @Override
    @SuppressWarnings("NullAway") // the supplier's result may be null here and is handed on as it is
    public byte @Nullable [] get(String key) {
        return call("get " + key, false, () -> bucket.get(key));
    }

    @Override
    public byte[] getRange(String key, long offset, int length) {
        return call("getRange " + key, false, () -> bucket.getRange(key, offset, length));
    }

    @Override
    public List<Listed> list(String prefix, @Nullable String after, int max) {
        return call("list " + prefix, false, () -> bucket.list(prefix, after, max));
    }

    @Override
    public void delete(Collection<String> keys) {
        List<String> copy = List.copyOf(keys);
        points.reached(CrashPoint.COLLECTING, owner());
        call("delete of " + copy.size(), true, () -> {
            bucket.delete(copy);
            return true;
        });
        points.reached(CrashPoint.COLLECTED, owner());
    }

    @Override
    public String describe() {
        return bucket.describe();
    }

    @Override
    public void close() {}

    private void before(String key) {
        if (key.contains("/pack-")) {
            points.reached(CrashPoint.BEFORE_PACK, owner());
        } else if (key.contains("/manifest-")) {
            points.reached(CrashPoint.BEFORE_MANIFEST, owner());
        } else if (key.contains("/committed/")) {
            points.reached(CrashPoint.BEFORE_MARKER, owner());
        }
    }

    private void after(String key) {
        if (key.contains("/manifest-")) {
            points.reached(CrashPoint.AFTER_MANIFEST, owner());
        } else if (key.contains("/committed/")) {
            points.reached(CrashPoint.AFTER_MARKER, owner());
        } else if (key.contains("/log/")) {
            bucket.last().ifPresent(entry -> {
                if (entry.record() instanceof LogRecord.Completed) {
                    points.reached(CrashPoint.AFTER_SLOT, owner());
                } else if (entry.record() instanceof LogRecord.Begin) {
                    points.reached(CrashPoint.AFTER_BEGIN, owner());
                }
            });
        }
    }

    private <T> T call(String what, boolean changes, Supplier<T> operation) {
        return troubles.call(owner(), what + " by " + owner().name(), changes, new StoreErrors(bucket), operation);
    }

    /** The caller may change or delete what is behind its content once a write was answered, also with an error. */
    private static byte[] copy(Content content) {
        try (InputStream in = content.open()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record StoreErrors(BucketAudit bucket) implements Troubles.Errors {
        @Override
        public RuntimeException refused(String what) {
            return new StoreException(StoreException.Kind.BUSY, "simulated 503 at " + what);
        }

        @Override
        public RuntimeException unanswered(String what) {
            boolean reads = what.startsWith("get") || what.startsWith("list");
            return new StoreException(
                    reads ? StoreException.Kind.UNREACHABLE : StoreException.Kind.UNKNOWN_OUTCOME,
                    "no answer to " + what);
        }

        @Override
        public <T> T late(Supplier<T> operation) {
            return bucket.late(operation);
        }
    }
}
