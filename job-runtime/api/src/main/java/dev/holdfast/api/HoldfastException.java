package dev.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * An error with a stable code such as {@code HF-TYP-001}. The code is API and listed in the docs; the text is not. The
 * text names the thing, what was found and expected, and what the user can do.
 */
public class HoldfastException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    public HoldfastException(String code, String message) {
        this(code, message, null);
    }

    public HoldfastException(String code, String message, @Nullable Throwable cause) {
        super(code + ": " + message, cause);
        this.code = code;
    }

    public final String code() {
        return code;
    }

    /** The message without the code in front. */
    public final String text() {
        String message = String.valueOf(getMessage());
        return message.startsWith(code + ": ") ? message.substring(code.length() + 2) : message;
    }
}
