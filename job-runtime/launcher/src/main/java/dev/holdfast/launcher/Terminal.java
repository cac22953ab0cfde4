package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;
import java.io.PrintStream;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Standard output, which carries progress, and standard error, which carries errors and the log. */
record Terminal(PrintStream out, PrintStream err) {
    private static final Pattern CODE = Pattern.compile("HF-[A-Z]{3}-\\d{3}: ");

    void say(String line) {
        out.println(line);
        out.flush();
    }

    /** An error in one line, with the stack below it where that is wanted. */
    void error(Throwable error, boolean withStack) {
        error(
                error instanceof HoldfastException known
                        ? String.valueOf(known.getMessage())
                        : "HF-RUN-011: broken invariant, please report it with the output of --debug: " + error,
                withStack ? error : null);
    }

    /** An error in one line; a text without a code gets that of a failure without one. */
    void error(String text, @Nullable Throwable stack) {
        err.println("error: " + (CODE.matcher(text).find() ? text : "HF-RUN-009: " + text));
        if (stack != null) {
            stack.printStackTrace(err);
        }
        err.flush();
    }
}
