package dev.holdfast.engine.state;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.StoreException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the state and its disk and store. Each operation that changes something is two steps, one before its
 * effect and one after it; at each the schedule may fail it, end the process, or let the slot act.
 */
final class Faults {
    /** Ends the simulated process where it is. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash() {
            super("crash", null, false, false);
        }
    }

    /** What happens at a step. */
    @FunctionalInterface
    interface Step {
        void at(String what);
    }

    private Faults() {}

    static StoreException failed(String what) {
        return new StoreException(StoreException.Kind.DISK, "injected failure: " + what);
    }

    /** A disk with steps. */
    record Disk(LocalDisk disk, Step step) implements LocalDisk {
        @Override
        public OutputStream create(String name) {
            step.at("create " + name);
            return new FilterOutputStream(disk.create(name)) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    out.write(bytes, offset, length);
                }

                @Override
                public void close() throws IOException {
                    step.at("close " + name);
                    out.close();
                    step.at("closed " + name);
                }
            };
        }

        @Override
        public byte[] read(String name) {
            step.at("read " + name);
            return disk.read(name);
        }

        @Override
        public byte[] readRange(String name, long offset, int length) {
            return disk.readRange(name, offset, length);
        }

        @Override
        public Content content(String name) {
            return disk.content(name);
        }

        @Override
        public void link(String existing, String name) {
            step.at("link " + name);
            disk.link(existing, name);
        }

        @Override
        public boolean exists(String name) {
            return disk.exists(name);
        }

        @Override
        public long sizeBytes(String name) {
            return disk.sizeBytes(name);
        }

        @Override
        public List<String> list(String directory) {
            return disk.list(directory);
        }

        @Override
        public void delete(String name) {
            disk.delete(name);
        }

        @Override
        public Path path(String name) {
            return disk.path(name);
        }
    }

    /** A store with steps. */
    record Store(SortedStore store, Step step) implements SortedStore {
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
            step.at("write");
            store.write(entries);
            step.at("written");
        }

        @Override
        public void ingest(List<String> files) {
            step.at("ingest " + files);
            store.ingest(files);
            step.at("ingested " + files);
        }

        @Override
        public TableWriter newTable(String file) {
            step.at("new table " + file);
            TableWriter table = store.newTable(file);
            return new TableWriter() {
                @Override
                public void add(
                        byte[] key, int keyOffset, int keyLength, byte[] value, int valueOffset, int valueLength) {
                    table.add(key, keyOffset, keyLength, value, valueOffset, valueLength);
                }

                @Override
                public void finish() {
                    step.at("finish " + file);
                    table.finish();
                    step.at("finished " + file);
                }

                @Override
                public void close() {
                    table.close();
                }
            };
        }

        @Override
        public EntryCursor openTable(String file) {
            step.at("open " + file);
            return store.openTable(file);
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
