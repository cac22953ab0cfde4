package dev.holdfast.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An object store that has too much to do: it reads a request and answers it with 503, in the words of S3. */
final class UnavailableServer {
    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *(\\d+)\r\n");
    private static final String HEAD_END = "\r\n\r\n";
    private static final int MOST_HEAD_BYTES = 64 * 1024;
    private static final String BODY =
            "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";
    private static final byte[] ANSWER = ("HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nContent-Length: "
                    + BODY.length() + "\r\nConnection: close\r\n\r\n" + BODY)
            .getBytes(StandardCharsets.US_ASCII);

    private UnavailableServer() {}

    /** Answers one request and closes. */
    static void answer(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            String head = head(in);
            // A client that asks before it sends a body is answered before it does.
            if (!head.contains("100-continue")) {
                Matcher length = LENGTH.matcher(head);
                in.skipNBytes(length.find() ? Long.parseLong(length.group(1)) : 0);
            }
            client.getOutputStream().write(ANSWER);
        } catch (IOException gone) {
            return;
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf(HEAD_END) < 0) {
            int next = in.read();
            if (next < 0 || head.length() > MOST_HEAD_BYTES) {
                throw new IOException("no request: " + head);
            }
            head.append((char) next);
        }
        return head.toString().toLowerCase(Locale.ROOT);
    }
}
