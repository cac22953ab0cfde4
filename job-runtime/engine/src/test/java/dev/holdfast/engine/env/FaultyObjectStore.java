package dev.holdfast.engine.env;

import dev.holdfast.engine.env.FaultPlan.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One process's view of a store that fails where a plan says so. Operations are numbered from 0 in the order in which they
 * begin, so one plan over one deterministic run gives one outcome.
 *
 * <p>After a crash every operation throws {@link SimulatedCrash}; the wrapped store lives on, and the test wraps it anew for
 * the next process. Closing this view leaves the wrapped store open.
 */
public final class FaultyObjectStore implements ObjectStore {
    private final ObjectStore inner;
    private final FaultPlan plan;
    private final AtomicLong operations = new AtomicLong();
    private final Queue<Runnable> lateWrites = new ArrayDeque<>();
    private volatile @Nullable String crashedAt;

    public FaultyObjectStore(ObjectStore inner, FaultPlan plan) {
        this.inner = inner;
        this.plan = plan;
    }

    /** How many operations have begun. */
    public long operations() {
        return operations.get();
    }

    public boolean crashed() {
        return crashedAt != null;
    }

    /** Does the writes that were held by {@link Fault#DELAY}, in their order; also when the process has crashed meanwhile. */
    public void deliverLateWrites() {
        while (true) {
            Runnable write;
            synchronized (lateWrites) {
                write = lateWrites.poll();
            }
            if (write == null) {
                return;
            }
            write.run();
        }
    }

    @Override
    public boolean putIfAbsent(String key, Content content) {
        byte[] bytes = copy(content);
        return write("putIfAbsent", key, () -> inner.putIfAbsent(key, Content.of(bytes)));
    }

    @Override
    public void put(String key, Content content) {
        byte[] bytes = copy(content);
        write("put", key, () -> {
            inner.put(key, Content.of(bytes));
            return true;
        });
    }

    @Override
    public byte @Nullable [] get(String key) {
        return run("get", key, false, () -> inner.get(key));
    }

    @Override
    public byte[] getRange(String key, long offset, int length) {
        return run("getRange", key, false, () -> inner.getRange(key, offset, length));
    }

    @Override
    public List<Listed> list(String prefix, @Nullable String after, int max) {
        return run("list", prefix, false, () -> inner.list(prefix, after, max));
    }

    @Override
    public void delete(Collection<String> keys) {
        List<String> copy = List.copyOf(keys);
        write("delete", String.join(",", copy), () -> {
            inner.delete(copy);
            return true;
        });
    }

    @Override
    public String describe() {
        return inner.describe();
    }

    @Override
    public void close() {}

    private boolean write(String operation, String key, Supplier<Boolean> action) {
        return run(operation, key, true, action);
    }

    private <T> T run(String operation, String key, boolean write, Supplier<T> action) {
        long number = operations.getAndIncrement();
        String what = operation + " of '" + key + "' (operation " + number + ")";
        if (crashedAt != null) {
            throw new SimulatedCrash(what + " by a process that crashed at " + crashedAt);
        }
        switch (plan.at(number, operation, key)) {
            case NONE -> {
                return action.get();
            }
            case FAIL_BEFORE -> throw new StoreException(StoreException.Kind.BUSY, "planned failure before " + what);
            case FAIL_AFTER -> {
                action.get();
                throw unanswered(what, write);
            }
            case LOSE -> throw unanswered(what, write);
            case DELAY -> {
                if (write) {
                    synchronized (lateWrites) {
                        lateWrites.add(action::get);
                    }
                }
                throw unanswered(what, write);
            }
            case CRASH_BEFORE -> throw crash("before " + what);
            case CRASH_AFTER -> {
                action.get();
                throw crash("after " + what);
            }
        }
        throw new AssertionError("a fault without a case");
    }

    private SimulatedCrash crash(String where) {
        crashedAt = where;
        return new SimulatedCrash("planned crash " + where);
    }

    private static StoreException unanswered(String what, boolean write) {
        return new StoreException(
                write ? StoreException.Kind.UNKNOWN_OUTCOME : StoreException.Kind.UNREACHABLE,
                "planned loss of the answer to " + what);
    }

    /** The caller may change or delete what is behind its content once a write was answered, also with an error. */
    private static byte[] copy(Content content) {
        try (InputStream in = content.open()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
