package dev.holdfast.engine.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorted entries on the local disk: keys in order of their unsigned bytes, each with one value. An empty value means
 * that the key is deleted, in files as in batches: then every reader of a file sees deletions.
 *
 * <p>Reads may come from one thread while another writes. Writes come from one thread at a time. A read sees every write
 * that was answered before it began. All methods may block for a disk access and throw {@link
 * dev.holdfast.engine.env.StoreException} of kind DISK. Nothing survives {@link #close}: the store is rebuilt from segments.
 */
public interface SortedStore extends AutoCloseable {

    /** The value of a key, or null if there is none. */
    byte @Nullable [] get(byte[] key, int offset, int length);

    /** The values of keys, in their order. */
    List<byte @Nullable []> multiGet(List<byte[]> keys);

    /** Writes entries, all or none. */
    void write(EntryBytes entries);

    /**
     * Takes in files that {@link #newTable} made; their entries replace those that are here, and those of files before them in the
     * list. The files stay as they are, and may be deleted afterwards. Costs about as much for many files as for one.
     */
    void ingest(List<String> files);

    /** Starts a file, named as on the local disk, that can be ingested by every store of this kind. */
    TableWriter newTable(String file);

    /** Reads such a file from the beginning. */
    EntryCursor openTable(String file);

    @Override
    void close();

    /** Writes one file, entries in ascending order of keys. Closing before {@link #finish} leaves a file of no use. */
    interface TableWriter extends AutoCloseable {

        /** Adds an entry; an empty value is a deletion. */
        void add(byte[] key, int keyOffset, int keyLength, byte[] value, int valueOffset, int valueLength);

        /** Completes the file; at least one entry was added. */
        void finish();

        @Override
        void close();
    }

    /** Opens stores of one kind. */
    @FunctionalInterface
    interface Factory {

        /**
         * Opens an empty store.
         *
         * @param directory on the local disk, for the store alone
         * @param cacheBytes for blocks of files in memory
         */
        SortedStore open(String directory, long cacheBytes);
    }
}
