package dev.holdfast.engine.state.rocksdb;

import dev.holdfast.engine.state.SortedStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/** Writes a table file. Keys and values cross to RocksDB in two direct buffers that are used again for each entry. */
final class RocksTableWriter implements SortedStore.TableWriter {
    private final String file;
    private final SstFileWriter writer;
    private ByteBuffer keyBuffer = ByteBuffer.allocateDirect(256);
    private ByteBuffer valueBuffer = ByteBuffer.allocateDirect(4096);

    RocksTableWriter(String file, Path path, RocksOptions options) {
        this.file = file;
        writer = new SstFileWriter(options.env(), options.forTables());
        try {
            writer.open(path.toString());
        } catch (RocksDBException e) {
            writer.close();
            throw RocksSortedStore.failed(file, "create", e);
        }
    }

    @Override
    public void add(byte[] key, int keyOffset, int keyLength, byte[] value, int valueOffset, int valueLength) {
        keyBuffer = fill(keyBuffer, key, keyOffset, keyLength);
        valueBuffer = fill(valueBuffer, value, valueOffset, valueLength);
        try {
            writer.put(keyBuffer, valueBuffer);
        } catch (RocksDBException e) {
            throw RocksSortedStore.failed(file, "write", e);
        }
    }

    private static ByteBuffer fill(ByteBuffer buffer, byte[] bytes, int offset, int length) {
        ByteBuffer target = buffer;
        if (target.capacity() < length) {
            target = ByteBuffer.allocateDirect(Math.max(length, target.capacity() * 2));
        }
        target.clear();
        target.put(0, bytes, offset, length);
        target.limit(length);
        return target;
    }

    @Override
    public void finish() {
        try {
            writer.finish();
        } catch (RocksDBException e) {
            throw RocksSortedStore.failed(file, "finish", e);
        }
    }

    @Override
    public void close() {
        writer.close();
    }
}
