package dev.holdfast.engine.state;

import dev.holdfast.engine.env.BlockingCalls;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.Mailbox;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All keyed state of one slot: one store, one memory budget, one {@link KeyedState} for each keyed operator.
 *
 * <p>The budget: a quarter is the store's cache of blocks, the rest is for decoded entries. When half of those are dirty,
 * the operator with the most dirty bytes spills. Above the budget clean entries are evicted, those first that were not used
 * since the clock hand came by. Dirty entries cannot be: if they take the budget and a quarter more, the tasks wait for the
 * flush. A single record that comes to that point evicts, flushes and waits by itself ({@link #makeRoom}). So memory stays
 * below budget, reserve, an eighth of the reserve, and one value or the read of one batch.
 *
 * <p>Made, closed and filled by blocking calls; all else is for the slot's thread, but for what flushes and folds use.
 */
public final class SlotState implements AutoCloseable {
    private static final int RESERVE_SHARE = 4;
    /** Part of the reserve that may be added before a record looks again whether there is room. */
    private static final int CHECK_SHARE = 8;
    /** A flush of more is not faster for each byte, and holds more memory at once. */
    private static final long MAX_SPILL_BYTES = 512L << 20;
    /** Places that the clock hand visits in one go: tens of microseconds. */
    private static final int TICKS = 4096;
    /** As above, where the tasks would wait otherwise. */
    private static final int URGENT_TICKS = 65_536;
    /** Places of one state that are visited before it is the next one's turn. */
    private static final int TICKS_PER_STATE = 64;

    private final SlotStateSettings settings;
    private final Env env;
    private final Mailbox loop;
    private final SortedStore store;
    private final long limitBytes;
    private final long reserveBytes;
    private final long spillBytes;
    private final List<KeyedState> states = new CopyOnWriteArrayList<>();
    private final AtomicLong files = new AtomicLong();
    private int turn;
    private long inVain;
    private long hopelessAtBytes = Long.MAX_VALUE;
    private int callers;
    private volatile boolean closed;

    private SlotState(SlotStateSettings settings, Env env, SortedStore store, long cacheBytes, Mailbox loop) {
        this.settings = settings;
        this.env = env;
        this.store = store;
        this.loop = loop;
        limitBytes = settings.memoryBudgetBytes() - cacheBytes;
        reserveBytes = limitBytes / RESERVE_SHARE;
        spillBytes = Math.min(limitBytes / 2, MAX_SPILL_BYTES);
    }

    /** Opens an empty state; what is in its directory goes. Blocks. */
    public static SlotState open(SlotStateSettings settings, Env env, SortedStore.Factory stores, Mailbox loop) {
        env.disk().delete(settings.directory());
        long cacheBytes = settings.cacheBytes();
        SortedStore store = stores.open(settings.directory() + "/store", cacheBytes);
        return new SlotState(settings, env, store, cacheBytes, loop);
    }

    /**
     * Opens an operator's state and binds the declared states to it. Blocks while it fetches; may run beside other calls of
     * this method. After an error the slot's state is of no use and is to be closed.
     *
     * @param reuse whether later checkpoints may refer to the restored segments; false for those of savepoints, which are
     *     not the job's own: their bytes are uploaded again with the first checkpoint
     * @throws dev.holdfast.engine.env.StoreException of kind DAMAGED if a segment is not what was written
     */
    public KeyedState keyed(
            KeyedOperatorSpec spec, List<RestoredBucket> restored, boolean reuse, SegmentSource source) {
        KeyedState state = new KeyedState(this, spec);
        List<StateTable> tables = new ArrayList<>(spec.declarations().tables(state, spec));
        tables.sort(Comparator.comparingInt(StateTable::id));
        tables.forEach(state::add);
        new Restore(this, reuse, source).run(state, restored);
        states.add(state);
        return state;
    }

    /**
     * Closes the store and deletes the directory, at once or when the last flush or fold that runs has ended; what they
     * bring is dropped. To be called when the loop does not use the state any more. Blocks.
     */
    @Override
    public void close() {
        synchronized (states) {
            if (closed) {
                return;
            }
            closed = true;
            if (callers > 0) {
                return;
            }
        }
        end();
    }

    private void end() {
        store.close();
        env.disk().delete(settings.directory());
    }

    /** Runs work that blocks and uses the store. */
    <T> void call(String what, Callable<T> work, BlockingCalls.Done<T> done) {
        env.blocking()
                .startWork(
                        what,
                        () -> {
                            enter();
                            try {
                                return work.call();
                            } finally {
                                leave();
                            }
                        },
                        loop,
                        (result, error) -> {
                            if (!closed) {
                                done.accept(result, error);
                            }
                        });
    }

    private void enter() {
        synchronized (states) {
            if (closed) {
                throw new IllegalStateException("the state in '" + settings.directory() + "' is closed");
            }
            callers++;
        }
    }

    private void leave() {
        synchronized (states) {
            callers--;
            if (!closed || callers > 0) {
                return;
            }
        }
        end();
    }

    /** Evicts and spills; a bounded amount of work. */
    void maintain() {
        KeyedState dirtiest = null;
        long dirty = 0;
        long used = 0;
        for (KeyedState state : states) {
            used += state.memoryBytes();
            dirty += state.dirtyBytes();
            if (!state.isFlushing() && (dirtiest == null || state.dirtyBytes() > dirtiest.dirtyBytes())) {
                dirtiest = state;
            }
        }
        boolean full = used > limitBytes + reserveBytes && isHopeless(used);
        if (dirtiest != null && dirtiest.dirtyBytes() > 0 && (dirty > spillBytes || full) && dirtiest.canFreeze()) {
            dirtiest.spill();
        }
        if (used > limitBytes && !isHopeless(used)) {
            evict(used);
        }
        checkLater();
    }

    /** What one table may add before {@link #makeRoom} is due. */
    long checkEveryBytes() {
        return reserveBytes / CHECK_SHARE;
    }

    private void checkLater() {
        int tables = 0;
        for (KeyedState state : states) {
            tables += state.tables().size();
        }
        for (KeyedState state : states) {
            for (StateTable table : state.tables()) {
                table.roomFor(checkEveryBytes() / tables);
            }
        }
    }

    /**
     * To be called in the midst of a record, when no entry is held: above budget and reserve it evicts, and if that is not
     * enough flushes all that is dirty on this thread. A flush that already runs is awaited. Blocks for local files then.
     *
     * @throws RuntimeException if the flush fails
     */
    void makeRoom() {
        if (usedBytes() > limitBytes + reserveBytes) {
            evictAll();
            if (usedBytes() > limitBytes + reserveBytes) {
                for (KeyedState state : states) {
                    state.flushNow();
                }
                evictAll();
            }
        }
        checkLater();
    }

    private void evictAll() {
        for (long used = usedBytes(); used > limitBytes && !isHopeless(used); used = usedBytes()) {
            evict(used);
        }
    }

    private long usedBytes() {
        long used = 0;
        for (KeyedState state : states) {
            used += state.memoryBytes();
        }
        return used;
    }

    private void evict(long usedBytes) {
        long used = usedBytes;
        int ticks = used > limitBytes + reserveBytes ? URGENT_TICKS : TICKS;
        List<StateTable> tables = new ArrayList<>();
        long places = 0;
        for (KeyedState state : states) {
            for (StateTable table : state.tables()) {
                tables.add(table);
                places = Math.max(places, table.capacity());
            }
        }
        while (ticks > 0 && used > limitBytes) {
            StateTable table = tables.get(turn++ % tables.size());
            if (turn < 0) {
                turn = 0;
            }
            for (int i = 0; i < TICKS_PER_STATE && used > limitBytes; i++) {
                long before = table.memoryBytes();
                inVain = table.tick() ? 0 : inVain + 1;
                used -= before - table.memoryBytes();
            }
            ticks -= TICKS_PER_STATE;
            // Two rounds of the largest: the first one may only have cleared marks.
            if (inVain > (2 * places + TICKS_PER_STATE) * tables.size()) {
                hopelessAtBytes = used;
                return;
            }
        }
    }

    /** Whether a full round found nothing to evict, and little has been added since. */
    private boolean isHopeless(long usedBytes) {
        return hopelessAtBytes != Long.MAX_VALUE && usedBytes < hopelessAtBytes + reserveBytes / 8;
    }

    /** What a flush has written can be evicted. */
    void flushEnded() {
        hopelessAtBytes = Long.MAX_VALUE;
        inVain = 0;
    }

    boolean mustWait() {
        long used = usedBytes();
        boolean busy = false;
        for (KeyedState state : states) {
            busy |= state.isFlushing() || state.isFolding();
        }
        return used > limitBytes + reserveBytes && (busy || !isHopeless(used));
    }

    /** Deletes the bytes of segments that nothing refers to, off the slot's thread. */
    void delete(List<StateSegment> unused) {
        List<String> names = new ArrayList<>();
        for (StateSegment segment : unused) {
            String file = segment.fileOrNull();
            if (file != null) {
                names.add(file);
            }
        }
        if (!names.isEmpty()) {
            call(
                    "deletion of " + names.size() + " segments",
                    () -> {
                        names.forEach(env.disk()::delete);
                        return names.size();
                    },
                    (count, error) -> {});
        }
    }

    /** Deletes a segment's bytes at once; for threads that may block. */
    void deleteFile(StateSegment segment) {
        String file = segment.fileOrNull();
        if (file != null) {
            env.disk().delete(file);
        }
    }

    /** A name for a file that no other of this slot has. */
    String newFile() {
        return settings.directory() + "/segments/" + files.incrementAndGet();
    }

    SortedStore store() {
        return store;
    }

    LocalDisk disk() {
        return env.disk();
    }

    Mailbox loop() {
        return loop;
    }

    Thresholds thresholds() {
        return settings.thresholds();
    }

    long nowNs() {
        return env.clock().nowNs();
    }

    long wallMs() {
        return env.clock().wallMs();
    }
}
