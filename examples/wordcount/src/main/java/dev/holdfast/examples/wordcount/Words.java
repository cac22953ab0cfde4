package dev.holdfast.examples.wordcount;

import java.util.ArrayList;
import java.util.List;

/**
 * What a word is: a longest run of the letters {@code A} to {@code Z} and {@code a} to {@code z}, in lower case.
 * Every other character, an apostrophe and a letter with an accent as well, only separates: {@code "The LORD's well-fed
 * ox"} has the words {@code the lord s well fed ox}. The rule is this plain so that anything can repeat it, such as
 * {@code tr -cs A-Za-z '\n' | tr A-Z a-z}.
 */
public final class Words {
    private static final int TO_LOWER = 'a' - 'A';

    private Words() {}

    /** The words of a line, in their order. */
    public static List<String> of(String line) {
        List<String> words = new ArrayList<>();
        int length = line.length();
        int start = 0;
        boolean upper = false;
        for (int i = 0; i <= length; i++) {
            char c = i < length ? line.charAt(i) : ' ';
            if (c >= 'a' && c <= 'z') {
                continue;
            }
            if (c >= 'A' && c <= 'Z') {
                upper = true;
                continue;
            }
            if (i > start) {
                words.add(upper ? lowerCase(line, start, i) : line.substring(start, i));
            }
            start = i + 1;
            upper = false;
        }
        return words;
    }

    private static String lowerCase(String line, int start, int end) {
        char[] word = new char[end - start];
        for (int i = start; i < end; i++) {
            char c = line.charAt(i);
            word[i - start] = c <= 'Z' ? (char) (c + TO_LOWER) : c;
        }
        return new String(word);
    }
}
