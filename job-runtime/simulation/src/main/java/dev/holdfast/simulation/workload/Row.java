package dev.holdfast.simulation.workload;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A row of output. Its kind and first two cells are its identity: a run without failures shows it once.
 *
 * @param kind of row
 * @param cells numbers; what they mean is the workload's
 */
public record Row(String kind, List<Long> cells) {
    public Row {
        cells = List.copyOf(cells);
    }

    static Row of(String kind, long... cells) {
        return new Row(kind, Arrays.stream(cells).boxed().toList());
    }

    public long cell(int index) {
        return cells.get(index);
    }

    /** What no other visible row may have. */
    public String identity() {
        return kind + " " + cells.get(0) + " " + cells.get(1);
    }

    /** One line without its end. */
    public String line() {
        return kind + cells.stream().map(cell -> " " + cell).collect(Collectors.joining());
    }

    /** Reads a line back. */
    public static Row parse(String line) {
        String[] words = line.split(" ");
        if (words.length < 3) {
            throw new IllegalArgumentException("a row has a kind and two cells at least, found: " + line);
        }
        return new Row(
                words[0], Arrays.stream(words).skip(1).map(Long::parseLong).toList());
    }
}
