package dev.holdfast.examples.demo;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A line that the job has written: {@code {"word":"the","count":12}}, in this form and no other. Read by hand, since there are
 * tens of millions of them.
 *
 * @param count from 1
 */
record Update(String word, long count) {
    private static final byte[] HEAD = "{\"word\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MIDDLE = "\",\"count\":".getBytes(StandardCharsets.US_ASCII);
    /** More digits than a count can have here. */
    private static final int MOST_DIGITS = 10;

    /** Reads a line without its end; null if it is no update. */
    static @Nullable Update parse(byte[] bytes, int from, int to) {
        int wordFrom = from + HEAD.length;
        if (!startsWith(bytes, from, to, HEAD)) {
            return null;
        }
        int wordTo = wordFrom;
        while (wordTo < to && bytes[wordTo] >= 'a' && bytes[wordTo] <= 'z') {
            wordTo++;
        }
        if (wordTo == wordFrom || !startsWith(bytes, wordTo, to, MIDDLE)) {
            return null;
        }
        int at = wordTo + MIDDLE.length;
        long count = 0;
        int digits = 0;
        while (at < to && bytes[at] >= '0' && bytes[at] <= '9' && digits < MOST_DIGITS) {
            count = count * 10 + bytes[at++] - '0';
            digits++;
        }
        if (digits == 0 || at != to - 1 || bytes[at] != '}') {
            return null;
        }
        return new Update(new String(bytes, wordFrom, wordTo - wordFrom, StandardCharsets.US_ASCII), count);
    }

    private static boolean startsWith(byte[] bytes, int from, int to, byte[] head) {
        if (to - from < head.length) {
            return false;
        }
        for (int i = 0; i < head.length; i++) {
            if (bytes[from + i] != head[i]) {
                return false;
            }
        }
        return true;
    }
}
