package dev.holdfast.simulation.audit;

import dev.holdfast.engine.checkpoint.CheckpointStore;
import dev.holdfast.engine.checkpoint.JobLog;
import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.checkpoint.LogEntry;
import dev.holdfast.engine.checkpoint.LogRecord;
import dev.holdfast.engine.checkpoint.LogView;
import dev.holdfast.engine.checkpoint.ManifestRef;
import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The bucket, watched from inside. Nothing but its operations changes it, so a look after each of them is a look after every event.
 *
 * <p>I4: who appends to the log is of the newest generation, and no slot that counts is written twice. I5: after each append and each
 * delete all that is retained is there; {@link #orphans} lists at the end what nothing reaches.
 */
public final class BucketAudit implements ObjectStore {
    /** One try of an upload. */
    private static final long UNDER_WAY_NS = 1_000_000_000;

    private final MemoryObjectStore inner = new MemoryObjectStore();
    private final Audit audit;
    private final JobRoot root;
    private final JobLog log;
    private final CheckpointStore checkpoints;
    /** The one history: what each slot said when it was written. */
    private final TreeMap<Long, LogEntry> history = new TreeMap<>();
    /** Numbers of the completed checkpoints of each generation. */
    private final Map<Long, TreeSet<Long>> decided = new HashMap<>();

    private final Map<String, Set<String>> reached = new HashMap<>();
    private final Map<String, Long> writtenNs = new HashMap<>();
    private final Set<String> writtenLate = new TreeSet<>();
    private long endNs = Long.MAX_VALUE;
    private long endGeneration;
    private long completedNs;
    private long lookedNs;
    private boolean late;
    private @Nullable LogEntry last;

    /** @param reader an env whose clock and randomness the auditor may use; its store is not used */
    public BucketAudit(Audit audit, JobRoot root, Env reader) {
        this.audit = audit;
        this.root = root;
        Env direct =
                new Env(reader.clock(), reader.randomness(), reader.loops(), reader.blocking(), reader.disk(), inner);
        log = new JobLog(direct, root);
        checkpoints = new CheckpointStore(direct, root);
    }

    /** The entry that was appended last, and counts. */
    public Optional<LogEntry> last() {
        return Optional.ofNullable(last);
    }

    /** Whether the log has ever decided a checkpoint of a generation that is not older than a number. */
    public boolean hasDecided(long generation, long checkpointId) {
        TreeSet<Long> of = decided.get(generation);
        return of != null && of.last() >= checkpointId;
    }

    /** A coordinator says that it has completed a checkpoint: the log must say so too. */
    public void believed(String coordinator, long generation, long checkpointId) {
        TreeSet<Long> of = decided.get(generation);
        if (of == null || !of.contains(checkpointId)) {
            audit.fail(
                    "I4",
                    coordinator + " believes that checkpoint " + checkpointId + " of its generation " + generation
                            + " is complete, and the log does not have it");
        }
    }

    @Override
    public boolean putIfAbsent(String key, Content content) {
        boolean written = inner.putIfAbsent(key, content);
        noteWrite(key);
        if (written && key.startsWith(root.key("log/"))) {
            appended(key);
        }
        return written;
    }

    private void appended(String key) {
        LogView view;
        try {
            view = log.read();
        } catch (RuntimeException e) {
            audit.fail("I4", "after " + key + " was written the log cannot be read: " + e.getMessage());
            return;
        }
        Optional<LogEntry> newest = view.entries().stream().reduce((before, after) -> after);
        if (newest.isEmpty() || !root.key(JobRoot.logSlot(newest.get().slot())).equals(key)) {
            // Below the boundary, by somebody who was paused: it counts for nobody, and is deleted again.
            audit.count("log slot below the boundary");
            return;
        }
        LogEntry entry = newest.get();
        last = entry;
        audit.count("log " + entry.record().getClass().getSimpleName());
        endNs = entry.record() instanceof LogRecord.End ? audit.nowNs() : Long.MAX_VALUE;
        endGeneration = entry.generation();
        if (entry.record() instanceof LogRecord.Completed completed) {
            completedNs = audit.nowNs();
            decided.computeIfAbsent(entry.generation(), generation -> new TreeSet<>())
                    .add(completed.checkpointId());
        }
        LogEntry before = history.put(entry.slot(), entry);
        if (before != null) {
            audit.fail("I4", "slot " + entry.slot() + " was written twice: " + before + ", then " + entry);
        }
        LogEntry previous = history.get(entry.slot() - 1);
        if (entry.slot() > JobLog.FIRST_SLOT && previous == null) {
            audit.fail("I4", "there is no slot before " + entry);
        }
        boolean begins = entry.record() instanceof LogRecord.Begin;
        if (previous != null && !begins && previous.generation() != entry.generation()) {
            audit.fail("I4", "an older coordinator appended " + entry + " after " + previous);
        }
        for (String name : reachedBy(entry.record())) {
            if (inner.get(root.key(name)) == null) {
                audit.fail("I5", entry + " was written, and '" + name + "' is not there, which it needs");
            }
        }
    }

    /** What a start needs that restores what a record says. */
    private Set<String> reachedBy(LogRecord record) {
        return switch (record) {
            case LogRecord.Completed completed -> reached(completed.manifest(), "");
            case LogRecord.Savepoint savepoint ->
                reached(savepoint.manifest(), JobRoot.savepoint(savepoint.savepoint()));
            case LogRecord.Begin begin -> Set.of();
            case LogRecord.Collected collected -> Set.of();
            case LogRecord.End end -> Set.of();
        };
    }

    /** All that a start may restore is still there. */
    private void requireNoneNeeded(Collection<String> deleted) {
        for (LogEntry entry : log.read().entries()) {
            Set<String> needed = reachedBy(entry.record());
            for (String key : deleted) {
                if (needed.contains(key.substring(root.prefix().length()))) {
                    audit.fail("I5", "'" + key + "' was deleted, which " + entry + " needs");
                }
            }
        }
    }

    /** The manifest and all that it names. */
    private Set<String> reached(ManifestRef ref, String base) {
        return reached.computeIfAbsent(ref.name(), name -> {
            Set<String> names = new TreeSet<>(Set.of(name));
            try {
                NamedObjects.of(checkpoints.readManifest(ref)).forEach(object -> names.add(base + object));
            } catch (RuntimeException e) {
                audit.fail("I5", "manifest '" + name + "' cannot be read: " + e.getMessage());
            }
            return names;
        });
    }

    /** Objects of checkpoints that nothing reaches any more, and that somebody should have deleted. */
    public Set<String> orphans() {
        Set<String> live = new TreeSet<>();
        LogView view = log.read();
        for (LogEntry entry : view.completed()) {
            live.addAll(reached(((LogRecord.Completed) entry.record()).manifest(), ""));
        }
        Set<String> orphans = new TreeSet<>();
        for (String prefix : List.of("checkpoints/", "runs/")) {
            inner.list(root.key(prefix), null, MAX_KEYS).forEach(listed -> {
                String name = listed.key().substring(root.prefix().length());
                if (!live.contains(name) && !isByNobody(listed.key())) {
                    orphans.add(name);
                }
            });
        }
        return orphans;
    }

    /**
     * Whether it came when nobody could delete it any more: after the job's end; or behind the last look for left-overs, from an old
     * generation, from a request that was given up long ago, or from an upload that was under way at the end.
     */
    private boolean isByNobody(String key) {
        long atNs = writtenNs.getOrDefault(key, 0L);
        boolean ofOldGeneration = !key.contains("-" + endGeneration + "-");
        boolean atTheEnd = endNs - atNs < UNDER_WAY_NS;
        return atNs >= endNs || (atNs >= lookedNs && (ofOldGeneration || writtenLate.contains(key) || atTheEnd));
    }

    /** Does an operation that its client has given up long ago. */
    public <T> T late(Supplier<T> operation) {
        late = true;
        try {
            return operation.get();
        } finally {
            late = false;
        }
    }

    /** When the newest checkpoint came into the log. */
    public long completedNs() {
        return completedNs;
    }

    @Override
    public void put(String key, Content content) {
        inner.put(key, content);
        noteWrite(key);
    }

    private void noteWrite(String key) {
        writtenNs.put(key, audit.nowNs());
        if (late) {
            writtenLate.add(key);
        }
    }

    @Override
    public byte @Nullable [] get(String key) {
        return inner.get(key);
    }

    @Override
    public byte[] getRange(String key, long offset, int length) {
        return inner.getRange(key, offset, length);
    }

    @Override
    public List<Listed> list(String prefix, @Nullable String after, int max) {
        if (prefix.equals(root.key("checkpoints/"))) {
            lookedNs = audit.nowNs();
        }
        return inner.list(prefix, after, max);
    }

    @Override
    public void delete(Collection<String> keys) {
        inner.delete(keys);
        try {
            requireNoneNeeded(keys);
        } catch (RuntimeException e) {
            audit.fail("I5", "after a delete of " + keys + " the log cannot be read: " + e.getMessage());
        }
    }

    @Override
    public String describe() {
        return inner.describe();
    }

    @Override
    public void close() {}
}
