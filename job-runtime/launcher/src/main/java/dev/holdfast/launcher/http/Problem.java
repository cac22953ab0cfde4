package dev.holdfast.launcher.http;

/**
 * An error as clients get it, {@code application/problem+json} of RFC 9457.
 *
 * @param type a link to the page of errors
 * @param title what the status means
 * @param status of HTTP
 * @param code stable over versions; the page of errors lists it
 * @param detail what happened, and what to do
 */
public record Problem(String type, String title, int status, String code, String detail) {
    public static final String MEDIA_TYPE = "application/problem+json";
    private static final String PAGE = "urn:holdfast:error:";

    static Problem of(int status, String code, String detail) {
        return new Problem(PAGE + code, title(status), status, code, detail);
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 410 -> "Gone";
            case 413 -> "Content Too Large";
            case 415 -> "Unsupported Media Type";
            case 422 -> "Unprocessable Content";
            case 500 -> "Internal Server Error";
            case 503 -> "Service Unavailable";
            default -> "Error";
        };
    }
}
