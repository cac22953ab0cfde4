package dev.holdfast.engine.state;

import java.util.ArrayList;
import java.util.List;

/** An append-only list. Grows by pieces, so that no append copies what is there. */
final class EntryList {
    private static final int PIECE = 1024;

    private final List<Entry[]> pieces = new ArrayList<>();
    private Entry[] last = new Entry[0];
    private int used;
    private int size;

    void add(Entry entry) {
        if (used == last.length) {
            last = new Entry[PIECE];
            pieces.add(last);
            used = 0;
        }
        last[used++] = entry;
        size++;
    }

    int size() {
        return size;
    }

    Entry get(int index) {
        return pieces.get(index / PIECE)[index % PIECE];
    }
}
