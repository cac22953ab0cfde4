package dev.holdfast.engine.env;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bucket. Keys are relative to the place that the store was opened at, with {@code /} between parts; each part has
 * 1 to 200 of {@code [A-Za-z0-9._-]}, is not {@code .} or {@code ..}; a key has at most 900 characters. Anything else is
 * an {@link IllegalArgumentException}. So may be a write to {@code a} while there is an {@code a/b}, or the other way
 * round: directories cannot hold both, and MinIO refuses it too.
 *
 * <p>What the engine relies on: a read, range read or list sees every write and delete that was answered before it began,
 * and of many {@link #putIfAbsent} of one key, over all processes, exactly one wins, and an object is seen whole or not at
 * all.
 *
 * <p>All methods block, may be called from many threads at once, and throw {@link StoreException}. An implementation
 * retries what can be retried within its own budget. Where the outcome of a write stays unknown, the kind is {@link
 * StoreException.Kind#UNKNOWN_OUTCOME}: the write may have happened, or may even happen later.
 */
public interface ObjectStore extends AutoCloseable {

    /** Most keys one {@link #delete} and one {@link #list} take. */
    int MAX_KEYS = 1000;

    /**
     * Writes an object only where none exists.
     *
     * @return false if there was one already, which stays as it was
     */
    boolean putIfAbsent(String key, Content content);

    /** Writes an object, replacing one that exists. */
    void put(String key, Content content);

    /** The whole object, or null if there is none. For small objects: the caller knows its size from elsewhere. */
    byte @Nullable [] get(String key);

    /**
     * A range of an object.
     *
     * @throws StoreException of kind NOT_FOUND if there is no such object, and DAMAGED if it ends before the range does
     */
    byte[] getRange(String key, long offset, int length);

    /**
     * Objects whose key begins with a prefix, in byte order of their keys.
     *
     * @param prefix any beginning of keys, also empty
     * @param after only keys greater than this, or null for all
     * @param max 1 to {@link #MAX_KEYS}; fewer may be returned only when no more are there
     */
    List<Listed> list(String prefix, @Nullable String after, int max);

    /** Deletes objects, at most {@link #MAX_KEYS}; those that do not exist are passed over. */
    void delete(Collection<String> keys);

    /** The store as a person would name it, without secrets: used in errors and logs. */
    String describe();

    @Override
    void close();

    /** One object of a listing. */
    record Listed(String key, long sizeBytes) {}
}
