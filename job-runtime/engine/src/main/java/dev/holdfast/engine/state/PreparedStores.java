package dev.holdfast.engine.state;

import dev.holdfast.engine.env.BlockingCalls;
import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.StoreException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens stores before they are asked for, so that a restart does not wait for it: an empty store takes a machine tens of
 * milliseconds, and far more when several workers open theirs at once.
 *
 * <ol>
 *   <li>{@link #prepare} opens as many as are missing, in the background, in directories of their own.
 *   <li>{@link #open} gives one of them away if it has the cache that is wanted, else opens one in the given directory.
 *   <li>A store that was given away deletes its directory when it is closed.
 * </ol>
 *
 * Those that are ready cost memory before they are used: little, since their caches are empty. Callable from any thread.
 */
public final class PreparedStores implements SortedStore.Factory, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PreparedStores.class.getName());

    static final String DIRECTORY = "prepared";

    private final SortedStore.Factory inner;
    private final LocalDisk disk;
    private final BlockingCalls calls;
    private final int wanted;
    private final ArrayDeque<Ready> ready = new ArrayDeque<>();
    private int opening;
    private long opened;
    private boolean closed;

    private record Ready(SortedStore store, String directory, long cacheBytes) {}

    /**
     * Makes one; nothing is opened yet.
     *
     * @param wanted how many are kept ready: one for each slot
     */
    public PreparedStores(SortedStore.Factory inner, LocalDisk disk, BlockingCalls calls, int wanted) {
        this.inner = inner;
        this.disk = disk;
        this.calls = calls;
        this.wanted = wanted;
    }

    /** Opens what is missing, in the background; one that cannot be opened is tried again with the next call. */
    public void prepare(long wantedCacheBytes) {
        List<String> directories = new ArrayList<>();
        synchronized (this) {
            while (!closed && ready.size() + opening < wanted) {
                opening++;
                directories.add(DIRECTORY + "/" + ++opened);
            }
        }
        directories.forEach(directory -> calls.startWork(
                "open a store ahead",
                () -> {
                    disk.delete(directory);
                    return inner.open(directory, wantedCacheBytes);
                },
                Runnable::run,
                (store, error) -> opened(directory, wantedCacheBytes, store, error)));
    }

    private void opened(String directory, long ofCacheBytes, @Nullable SortedStore store, @Nullable Throwable error) {
        if (error != null) {
            LOG.log(System.Logger.Level.WARNING, "a store could not be opened ahead: " + error);
        }
        boolean useless;
        synchronized (this) {
            useless = closed;
            if (store != null && !useless) {
                ready.add(new Ready(store, directory, ofCacheBytes));
            }
            if (store == null || !useless) {
                opening--;
            }
        }
        if (store != null && useless) {
            new Given(store, directory).close();
            synchronized (this) {
                opening--;
            }
        }
    }

    @Override
    public SortedStore open(String directory, long wantedCacheBytes) {
        Ready first;
        synchronized (this) {
            first = ready.poll();
        }
        if (first == null) {
            return inner.open(directory, wantedCacheBytes);
        }
        if (first.cacheBytes() != wantedCacheBytes) {
            new Given(first.store(), first.directory()).close();
            return inner.open(directory, wantedCacheBytes);
        }
        return new Given(first.store(), first.directory());
    }

    /** Whether none is being opened: before that the process may not end. */
    public synchronized boolean isIdle() {
        return opening == 0;
    }

    /** Closes those that nobody has used; none is prepared any more. Blocks. */
    @Override
    public void close() {
        List<Ready> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(ready);
            ready.clear();
        }
        left.forEach(each -> new Given(each.store(), each.directory()).close());
    }

    /** A prepared store in use. */
    private final class Given implements SortedStore {
        private final SortedStore store;
        private final String directory;

        Given(SortedStore store, String directory) {
            this.store = store;
            this.directory = directory;
        }

        @Override
        public byte @Nullable [] get(byte[] key, int offset, int length) {
            return store.get(key, offset, length);
        }

        @Override
        public List<byte @Nullable []> multiGet(List<byte[]> keys) {
            return store.multiGet(keys);
        }

        @Override
        public void write(EntryBytes entries) {
            store.write(entries);
        }

        @Override
        public void ingest(List<String> files) {
            store.ingest(files);
        }

        @Override
        public TableWriter newTable(String file) {
            return store.newTable(file);
        }

        @Override
        public EntryCursor openTable(String file) {
            return store.openTable(file);
        }

        @Override
        public void close() {
            store.close();
            try {
                disk.delete(directory);
            } catch (StoreException e) {
                LOG.log(System.Logger.Level.WARNING, "directory '" + directory + "' stays: " + e.getMessage());
            }
        }
    }
}
