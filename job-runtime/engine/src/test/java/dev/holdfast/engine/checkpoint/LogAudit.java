package dev.holdfast.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The bucket under several coordinators, watched from inside: which record really came first into which slot, and after every
 * delete and every append whether all that is retained is there.
 */
final class LogAudit implements ObjectStore {
    private final MemoryObjectStore inner = new MemoryObjectStore();
    private final Env env = TestProcess.env(inner, 0);
    private final JobLog log = new JobLog(env, TestCoordinator.ROOT);
    /** The one history: entries by slot, as they were put when their slot counted. */
    final Map<Long, LogEntry> history = new TreeMap<>();

    @Override
    public boolean putIfAbsent(String key, Content content) {
        boolean written = inner.putIfAbsent(key, content);
        if (written && ObjectName.parse(TestCoordinator.ROOT.name(key)) instanceof ObjectName.LogSlot(long slot)) {
            if (slot >= log.readBoundary()) {
                LogEntry entry = StoredFormat.LOG_ENTRY.decode(key, inner.get(key));
                LogEntry before = history.put(slot, entry);
                assertThat(before).as("slot %s was written before", slot).isNull();
                checkLine(slot, entry);
                checkRetained();
            }
        }
        return written;
    }

    private void checkLine(long slot, LogEntry entry) {
        LogEntry previous = history.get(slot - 1);
        if (slot > JobLog.FIRST_SLOT) {
            assertThat(previous).as("slot before %s", entry).isNotNull();
        }
        if (!(entry.record() instanceof LogRecord.Begin)) {
            assertThat(entry.generation()).as("generation of %s", entry).isEqualTo(previous.generation());
            assertThat(entry.token()).as("token of %s", entry).isEqualTo(previous.token());
        }
    }

    /** Every retained checkpoint can be restored, now. */
    void checkRetained() {
        LogView view = log.read();
        CheckpointStore store = new CheckpointStore(env, TestCoordinator.ROOT);
        for (LogEntry entry : view.completed()) {
            Manifest manifest = store.readManifest(((LogRecord.Completed) entry.record()).manifest());
            new Verifier(env, store).verify(store.base(), manifest, RestorePoints.Verify.CHECKSUMS);
        }
        for (LogEntry entry : view.entries()) {
            if (entry.record() instanceof LogRecord.Savepoint(long id, String savepoint, ManifestRef ref)) {
                String base = TestCoordinator.ROOT.key(JobRoot.savepoint(savepoint));
                Manifest manifest = store.readManifest(ref);
                new Verifier(env, store).verify(base, manifest, RestorePoints.Verify.CHECKSUMS);
            }
        }
    }

    /** What a coordinator believes it appended is in the history, and nothing else of its token is, but its Begins. */
    void checkBelief(TestCoordinator coordinator) {
        for (LogEntry entry : coordinator.appended) {
            assertThat(history.get(entry.slot())).isEqualTo(entry);
        }
        for (long slot : coordinator.committed) {
            assertThat(history.get(slot)).as("committed slot %s", slot).isNotNull();
            assertThat(history.get(slot).record()).isInstanceOf(LogRecord.Completed.class);
        }
    }

    @Override
    public void put(String key, Content content) {
        inner.put(key, content);
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
        return inner.list(prefix, after, max);
    }

    @Override
    public void delete(Collection<String> keys) {
        inner.delete(keys);
        checkRetained();
    }

    @Override
    public String describe() {
        return inner.describe();
    }

    @Override
    public void close() {}
}
