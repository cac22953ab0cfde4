package dev.holdfast.engine.state.rocksdb;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompactionPriority;
import org.rocksdb.CompressionType;
import org.rocksdb.EnvOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RemoveEmptyValueCompactionFilter;
import org.rocksdb.WriteBufferManager;

/** The native objects that one store's parts share. Closed after the database. */
final class RocksOptions implements AutoCloseable {
    private static final double BLOOM_BITS_PER_KEY = 10;
    /** Flush and compaction; the slots want the other cores. */
    private static final int BACKGROUND_JOBS = 2;
    /** Bounds file descriptors: a slot's tables beyond are opened again when read. */
    private static final int MAX_OPEN_FILES = 512;
    /** Ingested files overlap what is there and so land in level 0: one for each flush and bucket. */
    private static final int LEVEL0_COMPACTION = 8;

    private static final int LEVEL0_SLOWDOWN = 256;
    private static final int LEVEL0_STOP = 1024;
    private static final long MAX_MEMTABLE_BYTES = 32L << 20;
    private static final long MIN_MEMTABLE_BYTES = 1L << 20;
    private static final int BLOCK_BYTES = 16 * 1024;

    private final Cache cache;
    private final WriteBufferManager writeBuffers;
    private final BloomFilter bloom;
    private final RemoveEmptyValueCompactionFilter deletions;
    private final Options options;
    private final EnvOptions envOptions;
    private final ReadOptions scanOptions;

    RocksOptions(long cacheBytes) {
        cache = new LRUCache(cacheBytes);
        // Memtables count against the cache, so that one number bounds both.
        writeBuffers = new WriteBufferManager(cacheBytes / 2, cache);
        bloom = new BloomFilter(BLOOM_BITS_PER_KEY);
        deletions = new RemoveEmptyValueCompactionFilter();
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setBlockSize(BLOCK_BYTES)
                .setFilterPolicy(bloom)
                .setCacheIndexAndFilterBlocks(false)
                .setFormatVersion(5);
        options = new Options()
                .setCreateIfMissing(true)
                .setTableFormatConfig(table)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setCompactionFilter(deletions)
                .setCompactionPriority(CompactionPriority.MinOverlappingRatio)
                .setMaxBackgroundJobs(BACKGROUND_JOBS)
                .setMaxOpenFiles(MAX_OPEN_FILES)
                .setLevel0FileNumCompactionTrigger(LEVEL0_COMPACTION)
                .setLevel0SlowdownWritesTrigger(LEVEL0_SLOWDOWN)
                .setLevel0StopWritesTrigger(LEVEL0_STOP)
                .setWriteBufferSize(Math.clamp(cacheBytes / 4, MIN_MEMTABLE_BYTES, MAX_MEMTABLE_BYTES))
                .setMaxWriteBufferNumber(2)
                .setWriteBufferManager(writeBuffers)
                .setAvoidFlushDuringShutdown(true)
                .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL)
                .setKeepLogFileNum(1)
                .setStatsDumpPeriodSec(0);
        envOptions = new EnvOptions();
        scanOptions = new ReadOptions().setFillCache(false).setReadaheadSize(1 << 20);
    }

    Options forDatabase() {
        return options;
    }

    /** For writers and readers of table files: the same format, without what only a database may do. */
    Options forTables() {
        return options;
    }

    EnvOptions env() {
        return envOptions;
    }

    ReadOptions forScans() {
        return scanOptions;
    }

    @Override
    public void close() {
        scanOptions.close();
        envOptions.close();
        options.close();
        deletions.close();
        bloom.close();
        writeBuffers.close();
        cache.close();
    }
}
