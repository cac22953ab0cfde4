package dev.holdfast.engine.state;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.UnrecoverableException;
import dev.holdfast.api.state.BroadcastState;
import dev.holdfast.api.state.OperatorListState;
import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.engine.type.Reader;
import dev.holdfast.engine.type.TypeSerializer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A state that belongs to a task: held in memory, written whole. */
abstract sealed class TaskHandle {
    final StateDeclaration declaration;
    private final String operator;

    private TaskHandle(String operator, StateDeclaration declaration) {
        this.operator = operator;
        this.declaration = declaration;
    }

    abstract OperatorStateBytes snapshot(StoredState stored);

    abstract void restore(OperatorStateBytes bytes, StoredState stored);

    final HoldfastException damaged(RuntimeException cause) {
        return new UnrecoverableException(
                "HF-STA-020",
                label() + " was restored from bytes that are not of its type: " + cause.getMessage()
                        + ". Restore an older checkpoint.",
                cause);
    }

    final String label() {
        return "state '" + declaration.name() + "' of operator '" + operator + "'";
    }

    final Object require(@Nullable Object value, String what) {
        if (value == null) {
            throw new HoldfastException("HF-STA-005", what + " of " + label() + " must not be null");
        }
        return value;
    }

    final void checkVersion(OperatorStateBytes bytes, StoredState stored) {
        Objects.checkIndex(bytes.version(), stored.versions().size());
    }

    /** See {@link OperatorListState}; also a union list, which differs in how it is dealt out. */
    static final class Elements<T> extends TaskHandle implements OperatorListState<T> {
        private final TypeSerializer<Object> serializer;
        private final List<T> elements = new ArrayList<>();

        Elements(String operator, StateDeclaration declaration) {
            super(operator, declaration);
            this.serializer = Unchecked.serializer(declaration.types().get(0));
        }

        @Override
        public List<T> get() {
            return Collections.unmodifiableList(elements);
        }

        @Override
        public void add(T value) {
            require(value, "an element");
            elements.add(value);
        }

        @Override
        public void set(List<? extends T> values) {
            values.forEach(value -> require(value, "an element"));
            List<T> copy = List.copyOf(values);
            elements.clear();
            elements.addAll(copy);
        }

        @Override
        public void clear() {
            elements.clear();
        }

        @Override
        OperatorStateBytes snapshot(StoredState stored) {
            List<byte[]> items = new ArrayList<>(elements.size());
            DataWriter out = new DataWriter();
            for (T element : elements) {
                out.clear();
                serializer.write(element, out);
                items.add(out.toByteArray());
            }
            return new OperatorStateBytes(declaration.name(), declaration.kind(), stored.version(), items);
        }

        @Override
        void restore(OperatorStateBytes bytes, StoredState stored) {
            checkVersion(bytes, stored);
            Reader<Object> reader = StateSchemas.readers(declaration, stored, 0).get(bytes.version());
            try {
                for (byte[] item : bytes.items()) {
                    elements.add(Unchecked.<T>cast(reader.read(new DataReader(item))));
                }
            } catch (IllegalStateException e) {
                throw damaged(e);
            }
        }
    }

    /** See {@link BroadcastState}. */
    static final class Broadcast<K, V> extends TaskHandle implements BroadcastState<K, V> {
        private final TypeSerializer<Object> keys;
        private final TypeSerializer<Object> values;
        private final BooleanSupplier writable;
        private final Map<K, V> entries = new LinkedHashMap<>();

        Broadcast(String operator, StateDeclaration declaration, BooleanSupplier writable) {
            super(operator, declaration);
            this.keys = Unchecked.serializer(declaration.types().get(0));
            this.values = Unchecked.serializer(declaration.types().get(1));
            this.writable = writable;
        }

        @Override
        public @Nullable V get(K key) {
            return entries.get(key);
        }

        @Override
        public void put(K key, V value) {
            checkWritable();
            require(key, "a key");
            require(value, "a value");
            entries.put(key, value);
        }

        @Override
        public void remove(K key) {
            checkWritable();
            entries.remove(key);
        }

        @Override
        public Map<K, V> entries() {
            return Collections.unmodifiableMap(entries);
        }

        @Override
        public void clear() {
            checkWritable();
            entries.clear();
        }

        private void checkWritable() {
            if (!writable.getAsBoolean()) {
                throw new HoldfastException(
                        "HF-STA-004",
                        "broadcast " + label()
                                + " is written while a keyed record is processed. It would differ between"
                                + " tasks: write it where records of the broadcast stream are processed.");
            }
        }

        @Override
        OperatorStateBytes snapshot(StoredState stored) {
            List<byte[]> items = new ArrayList<>(entries.size());
            DataWriter out = new DataWriter();
            entries.forEach((key, value) -> {
                out.clear();
                keys.write(key, out);
                values.write(value, out);
                items.add(out.toByteArray());
            });
            return new OperatorStateBytes(declaration.name(), declaration.kind(), stored.version(), items);
        }

        @Override
        void restore(OperatorStateBytes bytes, StoredState stored) {
            checkVersion(bytes, stored);
            Reader<Object> keyReader =
                    StateSchemas.readers(declaration, stored, 0).get(bytes.version());
            Reader<Object> valueReader =
                    StateSchemas.readers(declaration, stored, 1).get(bytes.version());
            try {
                for (byte[] item : bytes.items()) {
                    DataReader in = new DataReader(item);
                    K key = Unchecked.<K>cast(keyReader.read(in));
                    entries.put(key, Unchecked.<V>cast(valueReader.read(in)));
                }
            } catch (IllegalStateException e) {
                throw damaged(e);
            }
        }
    }
}
