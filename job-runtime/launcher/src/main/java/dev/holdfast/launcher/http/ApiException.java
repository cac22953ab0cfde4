package dev.holdfast.launcher.http;

import dev.holdfast.api.HoldfastException;
import java.util.Map;

/** An answer that is an error. */
public final class ApiException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, String> headers;

    /**
     * Makes one.
     *
     * @param status of HTTP, 400 to 599
     * @param code stable, listed in the docs
     * @param text a fact, then what to do
     */
    public ApiException(int status, String code, String text) {
        this(status, code, text, Map.of());
    }

    ApiException(int status, String code, String text, Map<String, String> headers) {
        super(code, text);
        this.status = status;
        this.headers = headers;
    }

    public int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }
}
