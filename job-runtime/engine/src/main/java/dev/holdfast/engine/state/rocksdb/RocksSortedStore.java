package dev.holdfast.engine.state.rocksdb;

import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.StoreException;
import dev.holdfast.engine.state.EntryBytes;
import dev.holdfast.engine.state.EntryCursor;
import dev.holdfast.engine.state.SortedStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * One RocksDB without a write-ahead log. Batches go to its memtable, table files are ingested through a link of their own:
 * their bytes stay as they were written, as sequence numbers are kept in the manifest of RocksDB rather than in the file.
 *
 * <p>Deletions are empty values here as everywhere, since the reader of table files does not show deletions of RocksDB's
 * own. A compaction drops them.
 */
public final class RocksSortedStore implements SortedStore {
    private final LocalDisk disk;
    private final String directory;
    private final RocksOptions options;
    private final WriteOptions writeOptions;
    private final IngestExternalFileOptions ingestOptions;
    private final RocksDB db;
    private long links;
    private volatile boolean closed;

    private RocksSortedStore(LocalDisk disk, String directory, long cacheBytes) {
        this.disk = disk;
        this.directory = directory;
        options = new RocksOptions(cacheBytes);
        writeOptions = new WriteOptions().setDisableWAL(true);
        ingestOptions = new IngestExternalFileOptions()
                .setMoveFiles(true)
                .setWriteGlobalSeqno(false)
                .setSnapshotConsistency(false);
        try {
            db = RocksDB.open(
                    options.forDatabase(), disk.path(directory + "/db").toString());
        } catch (RocksDBException e) {
            ingestOptions.close();
            writeOptions.close();
            options.close();
            throw failed(directory, "open", e);
        }
    }

    /** Opens such stores; their files lie on {@code disk}, which must be a real directory. */
    public static Factory factory(LocalDisk disk) {
        RocksDB.loadLibrary();
        return (directory, cacheBytes) -> new RocksSortedStore(disk, directory, cacheBytes);
    }

    @Override
    public byte @Nullable [] get(byte[] key, int offset, int length) {
        checkOpen();
        try {
            return present(db.get(key, offset, length));
        } catch (RocksDBException e) {
            throw failed(directory, "read", e);
        }
    }

    @Override
    public List<byte @Nullable []> multiGet(List<byte[]> keys) {
        checkOpen();
        try {
            List<byte @Nullable []> found = db.multiGetAsList(keys);
            List<byte @Nullable []> values = new ArrayList<>(found.size());
            for (byte[] value : found) {
                values.add(present(value));
            }
            return values;
        } catch (RocksDBException e) {
            throw failed(directory, "read", e);
        }
    }

    private static byte @Nullable [] present(byte @Nullable [] value) {
        return value == null || value.length == 0 ? null : value;
    }

    @Override
    public void write(EntryBytes entries) {
        checkOpen();
        try (WriteBatch batch = new WriteBatch(BatchBytes.of(entries))) {
            db.write(writeOptions, batch);
        } catch (RocksDBException e) {
            throw failed(directory, "write", e);
        }
    }

    @Override
    public void ingest(List<String> files) {
        checkOpen();
        List<String> links = new ArrayList<>();
        try {
            List<String> paths = new ArrayList<>();
            for (String file : files) {
                String link = directory + "/ingest/" + nextLink();
                disk.link(file, link);
                links.add(link);
                paths.add(disk.path(link).toString());
            }
            db.ingestExternalFile(paths, ingestOptions);
        } catch (RocksDBException e) {
            links.forEach(disk::delete);
            throw failed(directory, "ingest of " + files, e);
        } catch (StoreException e) {
            links.forEach(disk::delete);
            throw e;
        }
    }

    /** RocksDB itself would end the process. */
    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the local state in '" + directory + "' is closed");
        }
    }

    private synchronized long nextLink() {
        return ++links;
    }

    @Override
    public TableWriter newTable(String file) {
        return new RocksTableWriter(file, disk.path(file), options);
    }

    @Override
    public EntryCursor openTable(String file) {
        return new RocksTableCursor(file, disk.path(file), options);
    }

    /** All of RocksDB's background work has ended when this returns. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        db.cancelAllBackgroundWork(true);
        db.close();
        ingestOptions.close();
        writeOptions.close();
        options.close();
    }

    static StoreException failed(String what, String operation, RocksDBException cause) {
        return new StoreException(
                StoreException.Kind.DISK,
                operation + " in local state '" + what + "' failed: " + cause.getMessage()
                        + ". Check that the disk is not full; the state itself is safe in the bucket.",
                cause);
    }
}
