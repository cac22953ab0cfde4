package dev.holdfast.engine.state.rocksdb;

import dev.holdfast.engine.state.EntryCursor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileReaderIterator;

/** Reads a table file from the beginning. */
final class RocksTableCursor implements EntryCursor {
    private final String file;
    private final SstFileReader reader;
    private final SstFileReaderIterator iterator;
    private ByteBuffer keyBuffer = ByteBuffer.allocateDirect(256);
    private ByteBuffer valueBuffer = ByteBuffer.allocateDirect(4096);
    private byte[] key = new byte[256];
    private byte[] value = new byte[4096];
    private int keyLength;
    private int valueLength;
    private boolean started;
    private boolean closed;

    RocksTableCursor(String file, Path path, RocksOptions options) {
        this.file = file;
        reader = new SstFileReader(options.forTables());
        try {
            reader.open(path.toString());
        } catch (RocksDBException e) {
            reader.close();
            throw RocksSortedStore.failed(file, "open", e);
        }
        iterator = reader.newIterator(options.forScans());
    }

    @Override
    public boolean next() {
        if (started) {
            iterator.next();
        } else {
            iterator.seekToFirst();
            started = true;
        }
        if (!iterator.isValid()) {
            try {
                iterator.status();
            } catch (RocksDBException e) {
                throw RocksSortedStore.failed(file, "read", e);
            }
            return false;
        }
        readKey();
        readValue();
        return true;
    }

    private void readKey() {
        keyBuffer.clear();
        keyLength = iterator.key(keyBuffer);
        if (keyLength > keyBuffer.capacity()) {
            keyBuffer = ByteBuffer.allocateDirect(keyLength * 2);
            keyLength = iterator.key(keyBuffer);
        }
        if (key.length < keyLength) {
            key = new byte[keyLength * 2];
        }
        keyBuffer.get(0, key, 0, keyLength);
    }

    private void readValue() {
        valueBuffer.clear();
        valueLength = iterator.value(valueBuffer);
        if (valueLength > valueBuffer.capacity()) {
            valueBuffer = ByteBuffer.allocateDirect(Math.max(valueLength, 2 * valueBuffer.capacity()));
            valueLength = iterator.value(valueBuffer);
        }
        if (value.length < valueLength) {
            value = new byte[valueLength];
        }
        valueBuffer.get(0, value, 0, valueLength);
    }

    @Override
    public byte[] keyBytes() {
        return key;
    }

    @Override
    public int keyOffset() {
        return 0;
    }

    @Override
    public int keyLength() {
        return keyLength;
    }

    @Override
    public byte[] valueBytes() {
        return value;
    }

    @Override
    public int valueOffset() {
        return 0;
    }

    @Override
    public int valueLength() {
        return valueLength;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            iterator.close();
            reader.close();
        }
    }
}
