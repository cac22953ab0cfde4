package dev.holdfast.examples.demo;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the words of a text, byte by byte in one loop. The rule is that of the job, written down again: a word is a longest
 * run of letters A to Z and a to z, in lower case; all other bytes separate. Shares no code with the job.
 */
final class SequentialCounter {
    private final Map<String, long[]> counts = new HashMap<>();
    private long lines;
    private long words;

    /** Counts a file; may be called again, for the same or another. */
    void count(Path file) throws IOException {
        byte[] word = new byte[64];
        int length = 0;
        int last = '\n';
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                last = next;
                int lower = next | 0x20;
                if (lower >= 'a' && lower <= 'z') {
                    if (length == word.length) {
                        word = java.util.Arrays.copyOf(word, 2 * length);
                    }
                    word[length++] = (byte) lower;
                    continue;
                }
                if (next == '\n') {
                    lines++;
                }
                length = end(word, length);
            }
        }
        end(word, length);
        if (last != '\n') {
            lines++;
        }
    }

    private int end(byte[] word, int length) {
        if (length > 0) {
            counts.computeIfAbsent(new String(word, 0, length, StandardCharsets.US_ASCII), w -> new long[1])[0]++;
            words++;
        }
        return 0;
    }

    /** How often each word came. */
    Map<String, Long> counts() {
        Map<String, Long> result = new HashMap<>();
        counts.forEach((word, count) -> result.put(word, count[0]));
        return result;
    }

    long lines() {
        return lines;
    }

    /** All words, each as often as it came. */
    long words() {
        return words;
    }
}
