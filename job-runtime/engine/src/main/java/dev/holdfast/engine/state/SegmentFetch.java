package dev.holdfast.engine.state;

import dev.holdfast.engine.checkpoint.Segment;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.StoreException;
import dev.holdfast.engine.state.LocalSegments.Key;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The segments of one checkpoint in the bucket, as a restore wants them.
 *
 * <ol>
 *   <li>What this machine has is not fetched. What an earlier process left of it is compared with its checksum first.
 *   <li>All else comes by the reads of a {@link FetchPlan}, some of them beside each other. Each segment is verified.
 *   <li>It is kept in {@link LocalSegments}, from where the restore takes it, and the next one too.
 * </ol>
 */
public final class SegmentFetch implements SegmentSource {
    /** For each slot: as many hide the latency of a store, and more would only share its bandwidth. */
    private static final int AT_ONCE = 6;

    /** Shorter ones are held in memory, as a state holds them. */
    private static final int MEMORY_BYTES = Thresholds.DEFAULT.memoryBytes();

    private final Env env;
    private final String base;
    private final LocalSegments local;
    private final AtomicLong fetchedBytes = new AtomicLong();
    private long fetchNs;

    /**
     * Makes one.
     *
     * @param base where the names of the checkpoint's objects begin in the bucket
     */
    public SegmentFetch(Env env, String base, LocalSegments local) {
        this.env = env;
        this.base = base;
        this.local = local;
    }

    @Override
    public void announce(List<Segment> segments) {
        long startNs = env.clock().nowNs();
        List<Segment> absent = new ArrayList<>();
        List<Callable<Void>> verifications = new ArrayList<>();
        for (Segment segment : segments) {
            if (!local.has(key(segment))) {
                verifications.add(() -> {
                    if (!local.verify(key(segment))) {
                        synchronized (absent) {
                            absent.add(segment);
                        }
                    }
                    return null;
                });
            }
        }
        beside("verify local segments", verifications);
        List<Callable<Void>> reads = new ArrayList<>();
        for (FetchPlan.Read read : FetchPlan.of(absent)) {
            reads.add(() -> {
                fetch(read);
                return null;
            });
        }
        beside("fetch segments", reads);
        fetchNs += env.clock().nowNs() - startNs;
    }

    /** Time that went by in {@link #announce}. */
    public long fetchNs() {
        return fetchNs;
    }

    /** Bytes that came from the bucket. */
    public long fetchedBytes() {
        return fetchedBytes.get();
    }

    private void beside(String what, List<Callable<Void>> calls) {
        try {
            env.blocking().beside(what, calls, AT_ONCE);
        } catch (RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(what + " was interrupted", e);
        } catch (Exception e) {
            throw new IllegalStateException(what + " failed: " + e, e);
        }
    }

    private void fetch(FetchPlan.Read read) {
        String object = base + read.object();
        fetchedBytes.addAndGet(read.length());
        if (read.segments().size() == 1 && read.length() >= MEMORY_BYTES) {
            Segment segment = read.segments().getFirst();
            store(segment, open(segment));
            return;
        }
        byte[] bytes = env.store().getRange(object, read.offset(), (int) read.length());
        for (Segment segment : read.segments()) {
            store(segment, new ByteArrayInputStream(bytes, (int) (segment.offset() - read.offset()), (int)
                    segment.length()));
        }
    }

    private void store(Segment segment, InputStream from) {
        Key key = key(segment);
        boolean inMemory = segment.length() < MEMORY_BYTES;
        String file = inMemory ? "" : local.newFile(key);
        boolean kept = false;
        ByteArrayOutputStream memory = new ByteArrayOutputStream();
        try (InputStream in = from;
                OutputStream out = inMemory ? memory : env.disk().create(file)) {
            Restore.transfer(segment, in, out);
            kept = true;
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Kind.DISK,
                    "fetch of segment " + key + " to the local disk failed: " + e
                            + ". Check the disk and the way to the bucket.",
                    e);
        } finally {
            if (!kept && !inMemory) {
                local.delete(file);
            }
        }
        if (inMemory) {
            local.keep(key, memory.toByteArray());
        } else {
            local.keep(key, file);
        }
    }

    @Override
    public InputStream open(Segment segment) {
        byte[] bytes = local.bytes(key(segment));
        return bytes != null
                ? new ByteArrayInputStream(bytes)
                : new RangeStream(env.store(), base + segment.object(), segment.offset(), segment.length());
    }

    @Override
    public boolean link(Segment segment, String file) {
        return local.link(key(segment), file);
    }

    private Key key(Segment segment) {
        return Key.of(base, segment);
    }
}
