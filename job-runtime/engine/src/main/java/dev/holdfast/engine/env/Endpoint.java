package dev.holdfast.engine.env;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a process takes connections.
 *
 * @param host a name or an address; an IPv6 address stands without brackets
 * @param port 1 to 65535; 0 only where a free one is asked for
 */
public record Endpoint(String host, int port) {
    private static final Pattern TEXT = Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)]|([^:\\[\\]\\s]+)):(\\d{1,5})");

    public Endpoint {
        if (host.isBlank() || host.length() > 255) {
            throw new IllegalArgumentException("host '" + host + "' of an endpoint: expected 1 to 255 characters");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " of an endpoint: expected 0 to 65535");
        }
    }

    /**
     * Reads {@code host:port}, with brackets around an IPv6 address.
     *
     * @throws IllegalArgumentException with the text and what was expected
     */
    public static Endpoint parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no endpoint; expected host:port or [IPv6]:port");
        }
        String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        return new Endpoint(host, Integer.parseInt(matcher.group(3)));
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
