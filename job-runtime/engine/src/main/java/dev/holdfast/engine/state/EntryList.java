package dev.holdfast.engine.state;

import java.util.ArrayList;
import java.util.List;

/**
 * An append-only list. Grows by pieces, so that no append copies what is there. Holds the hashes beside the entries: a flush
 * groups by them, and each entry that it need not look at for that is one wait for memory less.
 */
final class EntryList {
    private static final int PIECE = 1024;

    private final List<Piece> pieces = new ArrayList<>();
    private Piece last = new Piece(0);
    private int used;
    private int size;

    private static final class Piece {
        final Entry[] entries;
        final int[] hashes;

        Piece(int length) {
            entries = new Entry[length];
            hashes = new int[length];
        }
    }

    void add(Entry entry) {
        if (used == last.entries.length) {
            last = new Piece(PIECE);
            pieces.add(last);
            used = 0;
        }
        last.entries[used] = entry;
        last.hashes[used++] = entry.hash;
        size++;
    }

    int size() {
        return size;
    }

    Entry get(int index) {
        return pieces.get(index / PIECE).entries[index % PIECE];
    }

    int hash(int index) {
        return pieces.get(index / PIECE).hashes[index % PIECE];
    }
}
