package dev.holdfast.launcher;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Makes lines of the log, as text for people or as JSON, an object a line, for programs. */
final class LogEncoder extends EncoderBase<ILoggingEvent> {
    /** The form of lines. */
    enum Format {
        TEXT,
        JSON
    }

    private static volatile Format format = Format.TEXT;

    /** From now on, for the whole process. */
    static void format(Format next) {
        format = next;
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        String line = switch (format) {
            case TEXT -> text(event);
            case JSON -> json(event);
        };
        return line.getBytes(StandardCharsets.UTF_8);
    }

    /** What is known beside the text: of the process, then of the thread. */
    private static Map<String, String> fields(ILoggingEvent event) {
        Map<String, String> fields = new TreeMap<>(LogFields.ofProcess());
        fields.putAll(event.getMDCPropertyMap());
        return fields;
    }

    private static String text(ILoggingEvent event) {
        StringBuilder line = new StringBuilder()
                .append(Instant.ofEpochMilli(event.getTimeStamp()))
                .append(String.format(" %-5s ", event.getLevel()))
                .append(simpleName(event.getLoggerName()))
                .append(" [")
                .append(event.getThreadName())
                .append("] ")
                .append(event.getFormattedMessage());
        fields(event)
                .forEach((name, value) ->
                        line.append(' ').append(name).append('=').append(value));
        line.append('\n');
        if (event.getThrowableProxy() != null) {
            line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.toString();
    }

    private static String json(ILoggingEvent event) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", Instant.ofEpochMilli(event.getTimeStamp()).toString());
        line.put("level", event.getLevel().toString());
        line.put("logger", event.getLoggerName());
        line.put("thread", event.getThreadName());
        line.put("message", event.getFormattedMessage());
        line.putAll(fields(event));
        if (event.getThrowableProxy() != null) {
            line.put("stack", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return Json.write(line) + "\n";
    }

    private static String simpleName(String logger) {
        return logger.substring(logger.lastIndexOf('.') + 1);
    }
}
