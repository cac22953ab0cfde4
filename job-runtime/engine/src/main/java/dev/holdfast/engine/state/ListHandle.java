package dev.holdfast.engine.state;

import dev.holdfast.api.state.ListState;
import dev.holdfast.engine.type.TypeSerializer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A list for each key. While small it is one entry. Above {@link Thresholds#inlineElements} or {@link
 * Thresholds#inlineBytes} it lies in parts by index, each about that size, under a root that says which there are; only the
 * last part is appended to. With a time to live, parts at the front go when all in them has expired.
 */
final class ListHandle<T> extends KeyedHandle implements ListState<T> {
    /** Parts at the front that are looked at for each new part at the end: more than one, so that the list shrinks. */
    private static final int FRONT_PARTS = 2;

    private final TypeSerializer<Object> serializer;

    ListHandle(String operator, StateDeclaration declaration) {
        super(operator, declaration);
        this.serializer = Unchecked.serializer(declaration.types().get(0));
    }

    @Override
    public void add(T value) {
        Object present = requireValue(value, "an element");
        int bytes = serializer.sizeBytes(present) + (expires() ? ValueCodec.EXPIRING_BYTES : 0);
        StateTable table = table();
        table.requireStorable("an element", bytes);
        Entry root = table.current();
        Object held = live(table, root);
        Object element = wrap(table, present);
        if (held instanceof Split split) {
            append(table, root, split, element, bytes);
            return;
        }
        if (held instanceof Elements elements) {
            Elements grown = table.writable(root, elements);
            grown.add(element, bytes);
            table.resize(root, grown.sizeBytes());
            if (isFull(table, grown)) {
                rebuild(live(table, grown));
            }
            return;
        }
        Elements first = new Elements();
        first.add(element, bytes);
        table.write(root, first, first.sizeBytes());
    }

    /** What a root holds, or null if there is nothing that has not expired. */
    private @Nullable Object live(StateTable table, Entry root) {
        Object held = root.value;
        return held == null || (expires() && table.codec().expiresMs(held) <= nowMs(table)) ? null : held;
    }

    private void append(StateTable table, Entry root, Split split, Object element, int bytes) {
        Entry last = table.part(split.end() - 1);
        Split now = split;
        if (last.value instanceof Elements elements && !isFull(table, elements)) {
            Elements grown = table.writable(last, elements);
            grown.add(element, bytes);
            table.resize(last, grown.sizeBytes());
        } else {
            Elements started = new Elements();
            started.add(element, bytes);
            table.write(table.partUnread(split.end()), started, started.sizeBytes());
            now = new Split(expires() ? dropFront(table, split) : split.first(), split.end() + 1, split.expiresMs());
        }
        if (expires()) {
            now = new Split(now.first(), now.end(), Math.max(now.expiresMs(), expiresMs(table)));
        }
        if (!now.equals(split)) {
            table.write(root, now, Split.BYTES);
        }
    }

    private int dropFront(StateTable table, Split split) {
        int first = split.first();
        int limit = Math.min(split.end(), first + FRONT_PARTS);
        while (first < limit) {
            Entry part = table.part(first);
            if (part.value != null && table.codec().expiresMs(part.value) > nowMs(table)) {
                break;
            }
            table.write(part, null, 0);
            first++;
        }
        return first;
    }

    private static boolean isFull(StateTable table, Elements elements) {
        Thresholds thresholds = table.owner().slot().thresholds();
        return elements.size() > 1
                && (elements.size() >= thresholds.inlineElements() || elements.sizeBytes() >= thresholds.inlineBytes());
    }

    private List<Object> live(StateTable table, Elements elements) {
        List<Object> live = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            if (isLive(table, elements.get(i))) {
                live.add(elements.get(i));
            }
        }
        return live;
    }

    /** Writes a list whose root is not split. It may be larger than memory has room for. */
    private void rebuild(List<Object> held) {
        StateTable table = table();
        List<Elements> parts = new ArrayList<>();
        Elements last = null;
        long expiresMs = Long.MIN_VALUE;
        for (Object element : held) {
            if (last == null || isFull(table, last)) {
                last = new Elements();
                parts.add(last);
            }
            last.add(
                    element,
                    serializer.sizeBytes(ValueCodec.unwrap(element)) + (expires() ? ValueCodec.EXPIRING_BYTES : 0));
            expiresMs = Math.max(expiresMs, last.expiresMs());
        }
        if (last == null) {
            table.write(table.current(), null, 0);
        } else if (parts.size() == 1 && !isFull(table, last)) {
            table.write(table.current(), last, last.sizeBytes());
        } else {
            for (int i = 0; i < parts.size(); i++) {
                table.makeRoom();
                table.write(table.partUnread(i), parts.get(i), parts.get(i).sizeBytes());
            }
            table.write(table.current(), new Split(0, parts.size(), expiresMs), Split.BYTES);
        }
    }

    @Override
    public Iterable<T> get() {
        StateTable table = table();
        Entry root = table.current();
        Object held = live(table, root);
        if (held == null) {
            return Collections.emptyList();
        }
        if (held instanceof Elements elements) {
            return Collections.unmodifiableList(shown(refreshed(table, root, elements)));
        }
        Split split = (Split) held;
        if (refreshes()) {
            table.write(root, new Split(split.first(), split.end(), expiresMs(table)), Split.BYTES);
        }
        return () -> new Parts(table, split);
    }

    /** The live elements, written anew if reading them prolongs their lives. */
    private List<Object> refreshed(StateTable table, Entry entry, Elements elements) {
        List<Object> live = live(table, elements);
        if (refreshes() && !live.isEmpty()) {
            Elements renewed = new Elements();
            for (Object element : live) {
                Object value = ValueCodec.unwrap(element);
                renewed.add(wrap(table, value), serializer.sizeBytes(value) + ValueCodec.EXPIRING_BYTES);
            }
            table.write(entry, renewed, renewed.sizeBytes());
        }
        return live;
    }

    private List<T> shown(List<Object> held) {
        List<T> shown = new ArrayList<>(held.size());
        held.forEach(element -> shown.add(Unchecked.<T>cast(ValueCodec.unwrap(element))));
        return shown;
    }

    private List<T> part(StateTable table, int index) {
        if (refreshes()) {
            Entry entry = table.part(index);
            return entry.value instanceof Elements elements
                    ? shown(refreshed(table, entry, elements))
                    : Collections.emptyList();
        }
        return table.peekPart(index) instanceof Elements elements
                ? shown(live(table, elements))
                : Collections.emptyList();
    }

    @Override
    public void set(List<? extends T> values) {
        List<Object> held = new ArrayList<>(values.size());
        StateTable table = table();
        for (T value : values) {
            Object present = requireValue(value, "an element");
            table.requireStorable("an element", serializer.sizeBytes(present));
            held.add(wrap(table, present));
        }
        clear();
        rebuild(held);
    }

    @Override
    public boolean isEmpty() {
        StateTable table = table();
        Object held = live(table, table.current());
        if (held instanceof Elements elements) {
            return live(table, elements).isEmpty();
        }
        if (held instanceof Split split) {
            for (int i = split.end() - 1; i >= split.first(); i--) {
                if (table.peekPart(i) instanceof Elements elements
                        && !live(table, elements).isEmpty()) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public void clear() {
        StateTable table = table();
        if (table.current().value instanceof Split split) {
            for (int i = split.first(); i < split.end(); i++) {
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
    private final class Parts implements Iterator<T> {
        private final StateTable table;
        private final Split split;
        private int next;
        private Iterator<T> elements = Collections.emptyIterator();

        Parts(StateTable table, Split split) {
            this.table = table;
            this.split = split;
            this.next = split.first();
        }

        @Override
        public boolean hasNext() {
            while (!elements.hasNext() && next < split.end()) {
                table.makeRoom();
                elements = part(table, next++).iterator();
            }
            return elements.hasNext();
        }

        @Override
        public T next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return elements.next();
        }
    }
}
