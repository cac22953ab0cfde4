package dev.holdfast.engine.state;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The twin in memory of the store on RocksDB. Its table files lie on the local disk: four bytes of magic, the CRC-32C of what follows,
 * then the format {@code ENTRIES}.
 */
public final class MemorySortedStore implements SortedStore {
    private static final byte[] MAGIC = {'H', 'F', 'T', '2'};
    private static final int HEAD_BYTES = MAGIC.length + Integer.BYTES;

    private final LocalDisk disk;
    private final TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);

    private MemorySortedStore(LocalDisk disk) {
        this.disk = disk;
    }

    /** Opens such stores; their files lie on {@code disk}. */
    public static Factory factory(LocalDisk disk) {
        return (directory, cacheBytes) -> new MemorySortedStore(disk);
    }

    @Override
    public synchronized byte @Nullable [] get(byte[] key, int offset, int length) {
        return entries.get(Arrays.copyOfRange(key, offset, offset + length));
    }

    @Override
    public synchronized List<byte @Nullable []> multiGet(List<byte[]> keys) {
        List<byte @Nullable []> values = new ArrayList<>(keys.size());
        keys.forEach(key -> values.add(entries.get(key)));
        return values;
    }

    @Override
    public synchronized void write(EntryBytes batch) {
        put(batch.cursor());
    }

    @Override
    public synchronized void ingest(List<String> files) {
        files.forEach(file -> put(openTable(file)));
    }

    private void put(EntryCursor cursor) {
        while (cursor.next()) {
            byte[] key =
                    Arrays.copyOfRange(cursor.keyBytes(), cursor.keyOffset(), cursor.keyOffset() + cursor.keyLength());
            if (cursor.valueLength() == 0) {
                entries.remove(key);
            } else {
                entries.put(
                        key,
                        Arrays.copyOfRange(
                                cursor.valueBytes(),
                                cursor.valueOffset(),
                                cursor.valueOffset() + cursor.valueLength()));
            }
        }
    }

    @Override
    public TableWriter newTable(String file) {
        return new Writer(file);
    }

    @Override
    public EntryCursor openTable(String file) {
        byte[] bytes = disk.read(file);
        if (bytes.length < HEAD_BYTES || !Arrays.equals(MAGIC, 0, MAGIC.length, bytes, 0, MAGIC.length)) {
            throw new StoreException(
                    StoreException.Kind.DISK, "local file '" + file + "' is not a table file of the store in memory");
        }
        int crc32c = Checksum.of(bytes, HEAD_BYTES, bytes.length - HEAD_BYTES);
        int stored = new DataReader(bytes, MAGIC.length, Integer.BYTES).readInt();
        if (stored != crc32c) {
            throw CheckedContent.damaged(file, stored, crc32c);
        }
        return new EntryBytes(bytes, HEAD_BYTES, bytes.length - HEAD_BYTES).cursor();
    }

    @Override
    public synchronized void close() {
        entries.clear();
    }

    private final class Writer implements TableWriter {
        private final String file;
        private final DataWriter out = new DataWriter();
        private byte @Nullable [] last;

        Writer(String file) {
            this.file = file;
            out.writeBytes(new byte[HEAD_BYTES]);
        }

        @Override
        public void add(byte[] key, int keyOffset, int keyLength, byte[] value, int valueOffset, int valueLength) {
            byte[] added = Arrays.copyOfRange(key, keyOffset, keyOffset + keyLength);
            if (last != null && Arrays.compareUnsigned(last, added) >= 0) {
                throw new IllegalStateException("keys of table file '" + file + "' are not in ascending order");
            }
            last = added;
            EntryBytes.append(out, key, keyOffset, keyLength, value, valueOffset, valueLength);
        }

        @Override
        public void finish() {
            DataWriter head = new DataWriter(HEAD_BYTES);
            head.writeBytes(MAGIC);
            head.writeInt(Checksum.of(out.array(), HEAD_BYTES, out.size() - HEAD_BYTES));
            try (OutputStream stream = disk.create(file)) {
                stream.write(head.array(), 0, HEAD_BYTES);
                stream.write(out.array(), HEAD_BYTES, out.size() - HEAD_BYTES);
            } catch (IOException e) {
                throw new StoreException(
                        StoreException.Kind.DISK, "write of local file '" + file + "' failed: " + e, e);
            }
        }

        @Override
        public void close() {}
    }
}
