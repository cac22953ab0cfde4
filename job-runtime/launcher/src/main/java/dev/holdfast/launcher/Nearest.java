package dev.holdfast.launcher;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds what somebody meant: the known name with the least edits (Levenshtein) to the given one. */
final class Nearest {
    private Nearest() {}

    /** The nearest name; empty if none shares more than half of its characters. */
    static Optional<String> of(String given, Stream<String> known) {
        return known.filter(name -> distance(given, name) <= Math.max(given.length(), name.length()) / 2)
                .min(Comparator.<String>comparingInt(name -> distance(given, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Insertions, deletions and replacements from one text to the other. */
    static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
