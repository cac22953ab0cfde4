package dev.holdfast.examples.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Whether a job has written every update of every word exactly once. A word that came n times must have the updates 1 to n,
 * each once and no others. Remembers one bit for each update, so the updates may be many times the memory.
 */
final class UpdateCheck {
    /** Enough to see what kind of error it is. */
    private static final int MOST_EXAMPLES = 5;

    /** A line that is longer than this is no update. */
    private static final int BUFFER_BYTES = 1 << 18;

    private static final int LONGEST_SHOWN = 80;

    private final Map<String, Long> expected;
    private final Map<String, BitSet> seen = new HashMap<>();
    private final List<String> examples = new ArrayList<>();
    private long updates;
    private long wrong;
    private long doubled;

    UpdateCheck(Map<String, Long> expected) {
        this.expected = expected;
    }

    /**
     * What was found.
     *
     * @param updates lines that were read
     * @param missing updates that must be there and are not
     * @param doubled updates that are there again
     * @param wrong lines that are no update which must be there
     * @param examples some of those, in words
     */
    record Verdict(long updates, long missing, long doubled, long wrong, List<String> examples) {
        boolean isExactlyOnce() {
            return missing == 0 && doubled == 0 && wrong == 0;
        }
    }

    /** Reads all visible files of a directory; what a sink has not committed lies below a name that begins with a dot. */
    void readDirectory(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(directory)) {
            files = listed.filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                readLines(in);
            }
        }
    }

    /** Takes all lines of a stream. */
    void readLines(InputStream in) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        int filled = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer, filled, buffer.length - filled)) {
            filled += read;
            int from = 0;
            for (int at = 0; at < filled; at++) {
                if (buffer[at] == '\n') {
                    line(buffer, from, at);
                    from = at + 1;
                }
            }
            if (from == 0 && filled == buffer.length) {
                line(buffer, 0, filled);
                from = filled;
            }
            System.arraycopy(buffer, from, buffer, 0, filled - from);
            filled -= from;
        }
        if (filled > 0) {
            line(buffer, 0, filled);
        }
    }

    private void line(byte[] bytes, int from, int to) {
        updates++;
        Update update = Update.parse(bytes, from, to);
        if (update == null) {
            wrong++;
            int shown = Math.min(to - from, LONGEST_SHOWN);
            example("this line is no update: " + new String(bytes, from, shown, StandardCharsets.UTF_8));
            return;
        }
        long times = expected.getOrDefault(update.word(), 0L);
        if (update.count() < 1 || update.count() > times) {
            wrong++;
            example("'" + update.word() + "' came " + times + " times, and there is an update " + update.count());
            return;
        }
        BitSet bits = seen.computeIfAbsent(update.word(), word -> new BitSet(Math.toIntExact(times)));
        int index = Math.toIntExact(update.count() - 1);
        if (bits.get(index)) {
            doubled++;
            example("update " + update.count() + " of '" + update.word() + "' is there again");
        }
        bits.set(index);
    }

    /** The verdict over all lines so far. */
    Verdict verdict() {
        long missing = 0;
        for (Map.Entry<String, Long> word : expected.entrySet()) {
            BitSet bits = seen.getOrDefault(word.getKey(), new BitSet());
            long absent = word.getValue() - bits.cardinality();
            if (absent > 0) {
                missing += absent;
                example("update " + (bits.nextClearBit(0) + 1) + " of '" + word.getKey() + "' is missing");
            }
        }
        return new Verdict(updates, missing, doubled, wrong, List.copyOf(examples));
    }

    private void example(String text) {
        if (examples.size() < MOST_EXAMPLES) {
            examples.add(text);
        }
    }
}
