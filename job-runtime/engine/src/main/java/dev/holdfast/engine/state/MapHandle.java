package dev.holdfast.engine.state;

import dev.holdfast.api.state.MapState;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.engine.graph.KeyGroups;
import dev.holdfast.engine.type.TypeSerializer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A map for each key. While small it is one entry; above {@link Thresholds#inlineElements} or {@link
 * Thresholds#inlineBytes} it lies in parts by linear hashing (W. Litwin, "Linear hashing: a new tool for file and table
 * addressing", 1980), so that every access reads one part, and no change touches more than three:
 *
 * <ul>
 *   <li>With n parts and L = the largest power of two that is not above n, a key of hash h lies in part h mod 2L if that is
 *       below n, else in h mod L.
 *   <li>A part that grows over twice the average splits not itself but the next in line: part n is made from part n - L.
 *   <li>A part that shrinks under a quarter of the average merges the last part back. Before only one is left, the map becomes
 *       one entry again.
 * </ul>
 *
 * The hash is the frozen one of the encoded key.
 */
final class MapHandle<K, V> extends KeyedHandle implements MapState<K, V> {
    private final TypeSerializer<Object> keys;
    private final TypeSerializer<Object> values;
    private final DataWriter buffer = new DataWriter();

    MapHandle(String operator, StateDeclaration declaration) {
        super(operator, declaration);
        this.keys = Unchecked.serializer(declaration.types().get(0));
        this.values = Unchecked.serializer(declaration.types().get(1));
    }

    @Override
    public @Nullable V get(K key) {
        Object wanted = requireValue(key, "a key");
        StateTable table = table();
        Entry entry = holder(table, wanted);
        Object held = entry != null && entry.value instanceof Pairs pairs ? pairs.get(wanted) : null;
        if (entry == null || held == null || !isLive(table, held)) {
            return null;
        }
        Object value = ValueCodec.unwrap(held);
        if (refreshes()) {
            put(table, table.current(), wanted, value);
        }
        return Unchecked.<V>cast(value);
    }

    @Override
    public boolean contains(K key) {
        Object wanted = requireValue(key, "a key");
        StateTable table = table();
        Entry entry = holder(table, wanted);
        Object held = entry != null && entry.value instanceof Pairs pairs ? pairs.get(wanted) : null;
        return held != null && isLive(table, held);
    }

    /** The entry whose pairs would hold a key, or null if the map is empty. */
    private @Nullable Entry holder(StateTable table, Object key) {
        Entry root = table.current();
        Object held = live(table, root);
        if (held instanceof Split split) {
            return table.part(address(hash(key), split.end()));
        }
        return held == null ? null : root;
    }

    /** What a root holds, or null if there is nothing that has not expired. */
    private @Nullable Object live(StateTable table, Entry root) {
        Object held = root.value;
        return held == null || (expires() && table.codec().expiresMs(held) <= nowMs(table)) ? null : held;
    }

    @Override
    public void put(K key, V value) {
        Object presentKey = requireValue(key, "a key");
        Object present = requireValue(value, "a value");
        StateTable table = table();
        put(table, table.current(), presentKey, present);
    }

    private void put(StateTable table, Entry root, Object key, Object value) {
        Object held = live(table, root);
        if (held instanceof Split split) {
            int index = address(hash(key), split.end());
            Pairs pairs = putInto(table, table.part(index), key, value);
            Split now = expires() ? new Split(0, split.end(), Math.max(split.expiresMs(), expiresMs(table))) : split;
            if (pairs.size() > 2 * partElements(table)) {
                now = splitNext(table, now);
            }
            if (!now.equals(split)) {
                table.write(root, now, Split.BYTES);
            }
            return;
        }
        Pairs pairs = putInto(table, root, key, value);
        if (isLarge(table, pairs)) {
            splitRoot(table, root, pairs);
        }
    }

    private Pairs putInto(StateTable table, Entry entry, Object key, Object value) {
        int pairBytes = pairBytes(key, value);
        Object element = wrap(table, value);
        if (!(entry.value instanceof Pairs before) || live(table, entry) == null) {
            table.requireStorable("a pair", pairBytes);
            Pairs started = new Pairs();
            started.put(key, element, pairBytes);
            table.write(entry, started, started.sizeBytes());
            return started;
        }
        table.requireStorable("a part of the map, with the new pair,", (long) before.sizeBytes() + pairBytes);
        Pairs pairs = table.writable(entry, before);
        Object replaced = pairs.put(key, element, pairBytes);
        if (replaced != null) {
            pairs.forget(pairBytes(key, ValueCodec.unwrap(replaced)));
        }
        table.resize(entry, pairs.sizeBytes());
        return pairs;
    }

    private int pairBytes(Object key, Object value) {
        return keys.sizeBytes(key) + values.sizeBytes(value) + (expires() ? ValueCodec.EXPIRING_BYTES : 0);
    }

    private static boolean isLarge(StateTable table, Pairs pairs) {
        Thresholds thresholds = table.owner().slot().thresholds();
        return pairs.size() > thresholds.inlineElements()
                || (pairs.sizeBytes() > thresholds.inlineBytes() && pairs.size() > thresholds.partElements());
    }

    private static int partElements(StateTable table) {
        return table.owner().slot().thresholds().partElements();
    }

    private void splitRoot(StateTable table, Entry root, Pairs pairs) {
        List<Map.Entry<Object, Object>> live = live(table, pairs);
        int parts = (live.size() + partElements(table) - 1) / partElements(table);
        if (parts < 2) {
            // Most has expired.
            Pairs left = new Pairs();
            live.forEach(pair -> add(left, pair));
            table.write(root, left, left.sizeBytes());
            return;
        }
        List<Pairs> made = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            made.add(new Pairs());
        }
        live.forEach(pair -> add(made.get(address(hash(pair.getKey()), parts)), pair));
        for (int i = 0; i < parts; i++) {
            table.write(table.partUnread(i), made.get(i), made.get(i).sizeBytes());
        }
        table.write(root, new Split(0, parts, pairs.expiresMs()), Split.BYTES);
    }

    private Split splitNext(StateTable table, Split split) {
        int made = split.end();
        Entry entry = table.part(made - Integer.highestOneBit(made));
        Pairs stay = new Pairs();
        Pairs move = new Pairs();
        if (entry.value instanceof Pairs pairs) {
            for (Map.Entry<Object, Object> pair : live(table, pairs)) {
                add(address(hash(pair.getKey()), made + 1) == made ? move : stay, pair);
            }
            write(table, entry, stay);
        }
        write(table, table.partUnread(made), move);
        return new Split(0, made + 1, split.expiresMs());
    }

    private static void write(StateTable table, Entry entry, Pairs pairs) {
        if (pairs.size() == 0) {
            table.write(entry, null, 0);
        } else {
            table.write(entry, pairs, pairs.sizeBytes());
        }
    }

    private void add(Pairs to, Map.Entry<Object, Object> pair) {
        to.put(pair.getKey(), pair.getValue(), pairBytes(pair.getKey(), ValueCodec.unwrap(pair.getValue())));
    }

    private List<Map.Entry<Object, Object>> live(StateTable table, Pairs pairs) {
        List<Map.Entry<Object, Object>> live = new ArrayList<>(pairs.size());
        for (Map.Entry<Object, Object> pair : pairs.map().entrySet()) {
            if (isLive(table, pair.getValue())) {
                live.add(Map.entry(pair.getKey(), pair.getValue()));
            }
        }
        return live;
    }

    private int hash(Object key) {
        buffer.clear();
        keys.write(key, buffer);
        return KeyGroups.hash(buffer.array(), 0, buffer.size());
    }

    /** The part of a hash, of {@code parts} there are. */
    static int address(int hash, int parts) {
        int level = Integer.highestOneBit(parts);
        int wide = hash & (2 * level - 1);
        return wide < parts ? wide : hash & (level - 1);
    }

    @Override
    public void remove(K key) {
        Object wanted = requireValue(key, "a key");
        StateTable table = table();
        Entry root = table.current();
        Entry entry = holder(table, wanted);
        if (entry == null || !(entry.value instanceof Pairs before) || before.get(wanted) == null) {
            return;
        }
        Pairs pairs = table.writable(entry, before);
        Object removed = pairs.remove(wanted);
        if (removed != null) {
            pairs.forget(pairBytes(wanted, ValueCodec.unwrap(removed)));
        }
        if (pairs.size() == 0) {
            table.write(entry, null, 0);
        } else {
            table.resize(entry, pairs.sizeBytes());
        }
        if (root.value instanceof Split split && pairs.size() < Math.max(1, partElements(table) / 4)) {
            mergeLast(table, root, split);
        }
    }

    private void mergeLast(StateTable table, Entry root, Split split) {
        int last = split.end() - 1;
        Entry from = table.part(last);
        Entry to = table.part(last - Integer.highestOneBit(last));
        Pairs merged = new Pairs();
        if (to.value instanceof Pairs pairs) {
            live(table, pairs).forEach(pair -> add(merged, pair));
        }
        if (from.value instanceof Pairs pairs) {
            live(table, pairs).forEach(pair -> add(merged, pair));
        }
        table.write(from, null, 0);
        if (last == 1) {
            table.write(to, null, 0);
            write(table, root, merged);
        } else {
            write(table, to, merged);
            table.write(root, new Split(0, last, split.expiresMs()), Split.BYTES);
        }
    }

    @Override
    public boolean isEmpty() {
        return !new Walk<>(this, table(), pair -> pair, false).hasNext();
    }

    @Override
    public Iterable<Map.Entry<K, V>> entries() {
        return walk(pair ->
                Map.entry(Unchecked.<K>cast(pair.getKey()), Unchecked.<V>cast(ValueCodec.unwrap(pair.getValue()))));
    }

    @Override
    public Iterable<K> keys() {
        return walk(pair -> Unchecked.<K>cast(pair.getKey()));
    }

    @Override
    public Iterable<V> values() {
        return walk(pair -> Unchecked.<V>cast(ValueCodec.unwrap(pair.getValue())));
    }

    private <R> Iterable<R> walk(Function<Map.Entry<Object, Object>, R> shown) {
        StateTable table = table();
        table.current();
        return () -> new Walk<>(this, table, shown, refreshes());
    }

    /** The live pairs of a part, or of the root where the map is one entry; with {@code refresh} they live on. */
    private List<Map.Entry<Object, Object>> pairs(StateTable table, int part, boolean refresh) {
        if (!refresh) {
            Object held = part == Entry.ROOT ? table.current().value : table.peekPart(part);
            return held instanceof Pairs pairs ? live(table, pairs) : List.of();
        }
        Entry entry = part == Entry.ROOT ? table.current() : table.part(part);
        if (!(entry.value instanceof Pairs pairs)) {
            return List.of();
        }
        List<Map.Entry<Object, Object>> live = live(table, pairs);
        if (!live.isEmpty()) {
            Pairs renewed = new Pairs();
            for (Map.Entry<Object, Object> pair : live) {
                Object value = ValueCodec.unwrap(pair.getValue());
                renewed.put(pair.getKey(), wrap(table, value), pairBytes(pair.getKey(), value));
            }
            table.write(entry, renewed, renewed.sizeBytes());
        }
        return live;
    }

    @Override
    public void clear() {
        StateTable table = table();
        if (table.current().value instanceof Split split) {
            for (int i = 0; i < split.end(); i++) {
                table.makeRoom();
                table.write(table.partUnread(i), null, 0);
            }
        }
        Entry root = table.current();
        if (root.value != null) {
            table.write(root, null, 0);
        }
    }

    /** Reads part after part. */
    private static final class Walk<R> implements Iterator<R> {
        private final MapHandle<?, ?> map;
        private final StateTable table;
        private final Function<Map.Entry<Object, Object>, R> shown;
        private final boolean refresh;
        private final int end;
        private int next;
        private Iterator<Map.Entry<Object, Object>> pairs = Collections.emptyIterator();

        Walk(MapHandle<?, ?> map, StateTable table, Function<Map.Entry<Object, Object>, R> shown, boolean refresh) {
            this.map = map;
            this.table = table;
            this.shown = shown;
            this.refresh = refresh;
            Entry root = table.current();
            Object held = map.live(table, root);
            if (held instanceof Split split) {
                next = 0;
                end = split.end();
                if (refresh) {
                    table.write(root, new Split(0, end, map.expiresMs(table)), Split.BYTES);
                }
            } else {
                next = Entry.ROOT;
                end = held == null ? Entry.ROOT : 0;
            }
        }

        @Override
        public boolean hasNext() {
            while (!pairs.hasNext() && next < end) {
                table.makeRoom();
                pairs = map.pairs(table, next++, refresh).iterator();
            }
            return pairs.hasNext();
        }

        @Override
        public R next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return shown.apply(pairs.next());
        }
    }
}
