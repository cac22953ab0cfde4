package dev.holdfast.engine.type;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.Set;
import java.util.function.Function;

/**
 * Lists, sets and maps: the count (varint), then the elements in the order of iteration; optionals: 0, or 1 and the value.
 * What is read is unmodifiable and iterates in the order in which it was written.
 */
final class CollectionCodecs {
    /** Room made before the first element is read. A damaged count costs no more than this. */
    private static final int MAX_INITIAL_CAPACITY = 1024;

    /** Elements that are looked at to guess the size of all. */
    private static final int SAMPLE = 8;

    /** Sizes are added up as ints; nothing larger than this can be handled as one value anyway. */
    private static final long MAX_SIZE_BYTES = 1 << 28;

    private CollectionCodecs() {}

    record ListCodec(Codec<Object> element) implements Codec<List<Object>> {
        @Override
        public void write(List<Object> value, DataWriter out, int depth) {
            int count = value.size();
            out.writeVarInt(count);
            if (value instanceof RandomAccess) {
                for (int i = 0; i < count; i++) {
                    element.write(value.get(i), out, depth);
                }
            } else {
                for (Object each : value) {
                    element.write(each, out, depth);
                }
            }
        }

        @Override
        public List<Object> read(DataReader in, int depth) {
            int count = in.readLength();
            if (count == 0) {
                return List.of();
            } else if (count == 1) {
                return List.of(element.read(in, depth));
            }
            Object[] elements = new Object[Math.min(count, MAX_INITIAL_CAPACITY)];
            for (int i = 0; i < count; i++) {
                if (i == elements.length) {
                    elements = Arrays.copyOf(elements, (int) Math.min(count, i * 2L));
                }
                elements[i] = element.read(in, depth);
            }
            return List.of(elements);
        }

        @Override
        public int sizeBytes(List<Object> value, int depth) {
            return collectionBytes(value, element, 4, depth);
        }
    }

    record SetCodec(Codec<Object> element) implements Codec<Set<Object>> {
        @Override
        public void write(Set<Object> value, DataWriter out, int depth) {
            out.writeVarInt(value.size());
            for (Object each : value) {
                element.write(each, out, depth);
            }
        }

        @Override
        public Set<Object> read(DataReader in, int depth) {
            int count = in.readLength();
            if (count == 0) {
                return Set.of();
            } else if (count == 1) {
                return Set.of(element.read(in, depth));
            }
            Set<Object> elements = LinkedHashSet.newLinkedHashSet(Math.min(count, MAX_INITIAL_CAPACITY));
            for (int i = 0; i < count; i++) {
                elements.add(element.read(in, depth));
            }
            return Collections.unmodifiableSet(elements);
        }

        @Override
        public int sizeBytes(Set<Object> value, int depth) {
            return collectionBytes(value, element, 48, depth);
        }
    }

    record MapCodec(Codec<Object> key, Codec<Object> value) implements Codec<Map<Object, Object>> {
        @Override
        public void write(Map<Object, Object> map, DataWriter out, int depth) {
            out.writeVarInt(map.size());
            for (Map.Entry<Object, Object> entry : map.entrySet()) {
                key.write(entry.getKey(), out, depth);
                value.write(entry.getValue(), out, depth);
            }
        }

        @Override
        public Map<Object, Object> read(DataReader in, int depth) {
            int count = in.readLength();
            if (count == 0) {
                return Map.of();
            } else if (count == 1) {
                Object onlyKey = key.read(in, depth);
                return Map.of(onlyKey, value.read(in, depth));
            }
            Map<Object, Object> entries = LinkedHashMap.newLinkedHashMap(Math.min(count, MAX_INITIAL_CAPACITY));
            for (int i = 0; i < count; i++) {
                Object eachKey = key.read(in, depth);
                entries.put(eachKey, value.read(in, depth));
            }
            return Collections.unmodifiableMap(entries);
        }

        @Override
        public int sizeBytes(Map<Object, Object> map, int depth) {
            long sampled = 0;
            int count = 0;
            for (Map.Entry<Object, Object> entry : map.entrySet()) {
                sampled += key.sizeBytes(entry.getKey(), depth) + value.sizeBytes(entry.getValue(), depth);
                if (++count == SAMPLE) {
                    break;
                }
            }
            return total(map.size(), sampled, count, 48);
        }
    }

    record OptionalCodec(Codec<Object> element) implements Codec<Optional<Object>> {
        @Override
        public void write(Optional<Object> value, DataWriter out, int depth) {
            if (value.isPresent()) {
                out.writeByte(1);
                element.write(value.get(), out, depth);
            } else {
                out.writeByte(0);
            }
        }

        @Override
        public Optional<Object> read(DataReader in, int depth) {
            return in.readBoolean() ? Optional.of(element.read(in, depth)) : Optional.empty();
        }

        @Override
        public int sizeBytes(Optional<Object> value, int depth) {
            return value.isPresent() ? 16 + element.sizeBytes(value.get(), depth) : 0;
        }
    }

    /** The bytes of {@code A} for values of {@code B}. */
    record MappedCodec<A, B>(Codec<A> codec, Function<B, A> before, Function<A, B> after) implements Codec<B> {
        @Override
        public void write(B value, DataWriter out, int depth) {
            codec.write(before.apply(value), out, depth);
        }

        @Override
        public B read(DataReader in, int depth) {
            return after.apply(codec.read(in, depth));
        }

        @Override
        public int sizeBytes(B value, int depth) {
            return codec.sizeBytes(before.apply(value), depth);
        }
    }

    private static int collectionBytes(Collection<Object> value, Codec<Object> element, int slotBytes, int depth) {
        int size = value.size();
        int fixed = element.fixedBytes();
        if (fixed >= 0) {
            return total(size, fixed, 1, slotBytes);
        }
        long sampled = 0;
        int count = 0;
        for (Object each : value) {
            sampled += element.sizeBytes(each, depth);
            if (++count == SAMPLE) {
                break;
            }
        }
        return total(size, sampled, count, slotBytes);
    }

    private static int total(int size, long sampled, int count, int slotBytes) {
        if (size == 0) {
            return 0;
        }
        return (int) Math.min(MAX_SIZE_BYTES, 48 + (long) size * slotBytes + size * sampled / Math.max(1, count));
    }
}
