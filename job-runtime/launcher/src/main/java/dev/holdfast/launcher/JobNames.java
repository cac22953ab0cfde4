package dev.holdfast.launcher;

import java.util.Locale;

/** Names of jobs that were given none. */
final class JobNames {
    private JobNames() {}

    /** The simple name of a class in lower case, words apart: {@code com.acme.WordCount} gives {@code word-count}. */
    static String ofProgram(String className) {
        String simple = className.substring(Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1);
        return simple.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-")
                .toLowerCase(Locale.ROOT);
    }
}
