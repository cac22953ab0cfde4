package dev.holdfast.engine.protocol;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.UnrecoverableException;
import dev.holdfast.engine.env.StoreException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt failed, as values: exceptions stay in the process in which they were thrown.
 *
 * @param text without the code
 * @param unrecoverable whether the next attempt would fail in the same way
 * @param ofDisk whether the cause is the local disk of the worker in which it happened: another worker may have none such
 */
public record Failure(String code, String text, boolean unrecoverable, boolean ofDisk) {
    private static final String IN_TASK = "task ";
    private static final Pattern TASK = Pattern.compile(IN_TASK + "(\\d{1,9})/(\\d{1,9}): ");

    /** A chain of causes that is longer goes round. */
    private static final int MOST_CAUSES = 100;

    /** A failure that no disk has caused. */
    public Failure(String code, String text, boolean unrecoverable) {
        this(code, text, unrecoverable, false);
    }

    /**
     * The failure that an error is.
     *
     * @param fallbackCode for errors that have no code
     */
    public static Failure of(Throwable error, String fallbackCode) {
        boolean unrecoverable = isUnrecoverable(error);
        boolean ofDisk = hasCause(
                error, cause -> cause instanceof StoreException store && store.kind() == StoreException.Kind.DISK);
        return error instanceof HoldfastException known
                ? new Failure(known.code(), known.text(), unrecoverable, ofDisk)
                : new Failure(fallbackCode, error.toString(), unrecoverable, ofDisk);
    }

    /** Whether an error says that restarting cannot help, or has a cause that does. */
    public static boolean isUnrecoverable(Throwable error) {
        return hasCause(error, UnrecoverableException.class::isInstance);
    }

    /** Whether it holds of an error or one of its causes. */
    public static boolean hasCause(Throwable error, Predicate<Throwable> condition) {
        @Nullable Throwable next = error;
        for (int causes = 0; next != null && causes < MOST_CAUSES; causes++) {
            if (condition.test(next)) {
                return true;
            }
            next = next.getCause();
        }
        return false;
    }

    /** The same failure with the task in which it happened in front of the text. */
    public Failure in(TaskId task) {
        return new Failure(code, IN_TASK + task + ": " + text, unrecoverable, ofDisk);
    }

    /** The task in which it happened, as {@link #in} noted it. */
    public Optional<TaskId> task() {
        Matcher matcher = TASK.matcher(text);
        return matcher.lookingAt()
                ? Optional.of(new TaskId(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    public String message() {
        return code + ": " + text;
    }
}
