package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogEncoderTest {
    /** Tests that ran before may have left some. */
    @BeforeEach
    void withoutFieldsOfTheProcess() {
        LogFields.ofProcess().keySet().forEach(name -> LogFields.process(name, ""));
    }

    @AfterEach
    void backToText() {
        LogEncoder.format(LogEncoder.Format.TEXT);
    }

    @Test
    void writesTextWithFieldsBehind() {
        assertThat(line("worker lost", Map.of("attempt", "3000001")))
                .isEqualTo("1970-01-01T00:00:01Z WARN  Coordinator [coordinator] worker lost attempt=3000001\n");
    }

    @Test
    void writesAnObjectALine() {
        LogEncoder.format(LogEncoder.Format.JSON);

        assertThat(line("a \"b\"\n\\c\u0001", Map.of("checkpoint", "7")))
                .isEqualTo(
                        "{\"time\":\"1970-01-01T00:00:01Z\",\"level\":\"WARN\",\"logger\":\"dev.holdfast.Coordinator\",\"thread\":\"coordinator\",\"message\":\"a"
                                + " \\\"b\\\"\\n"
                                + "\\\\c\\u0001\",\"checkpoint\":\"7\"}\n");
    }

    private static String line(String message, Map<String, String> fields) {
        LoggingEvent event = new LoggingEvent();
        event.setLoggerContext(new LoggerContext());
        event.setTimeStamp(1_000);
        event.setLevel(Level.WARN);
        event.setLoggerName("dev.holdfast.Coordinator");
        event.setThreadName("coordinator");
        event.setMessage(message);
        event.setMDCPropertyMap(fields);
        return new String(new LogEncoder().encode(event), StandardCharsets.UTF_8);
    }
}
