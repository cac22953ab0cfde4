package dev.holdfast.launcher;

import java.util.Locale;

/**
 * A setting that exists.
 *
 * @param name as in a file and in {@code --set}
 * @param option of the command line, or empty if only {@code --set} reaches it
 * @param value what it takes, for people
 * @param otherwise what is taken where it is not set; empty for nothing
 * @param meaning one sentence
 */
record Setting(String name, String option, String value, String otherwise, String meaning) {
    /** Stands before the names of all variables of the environment. */
    static final String ENVIRONMENT_PREFIX = "HOLDFAST_";

    /** The variable of the environment that sets it. */
    String variable() {
        return ENVIRONMENT_PREFIX + name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
