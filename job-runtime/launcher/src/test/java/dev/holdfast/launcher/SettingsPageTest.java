package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The tables of the page on {@code holdfast local}. Run with {@code -Dholdfast.update-docs=true} to write them anew. */
class SettingsPageTest {
    private static final boolean UPDATE = Boolean.getBoolean("holdfast.update-docs");

    @Test
    void listsAllSettings() throws IOException {
        StringBuilder table = new StringBuilder(
                "| setting | option | value | default | meaning |\n| --- | --- | --- | --- | --- |\n");
        for (Setting setting : Settings.ALL) {
            table.append("| `")
                    .append(setting.name())
                    .append("` | ")
                    .append(code(setting.option()))
                    .append("| ")
                    .append(setting.value())
                    .append(" | ")
                    .append(code(setting.otherwise()))
                    .append("| ")
                    .append(setting.meaning())
                    .append(" |\n");
        }
        assertTable("settings", table.toString());
    }

    @Test
    void listsAllExitCodes() throws IOException {
        StringBuilder table = new StringBuilder("| exit code | meaning |\n| --- | --- |\n");
        for (ExitCode code : ExitCode.values()) {
            table.append("| ")
                    .append(code.number())
                    .append(" | ")
                    .append(code.meaning())
                    .append(" |\n");
        }
        assertTable("exit codes", table.toString());
    }

    private static String code(String text) {
        return text.isEmpty() ? "" : "`" + text + "` ";
    }

    private static void assertTable(String name, String wanted) throws IOException {
        Path file = Repository.root().resolve("docs/operations-local.md");
        String page = Files.readString(file);
        String begin = "<!-- " + name + ": written by SettingsPageTest -->\n";
        String end = "<!-- end of " + name + " -->";
        int from = page.indexOf(begin) + begin.length();
        int to = page.indexOf(end);
        if (UPDATE) {
            Files.writeString(file, page.substring(0, from) + wanted + page.substring(to));
            return;
        }
        assertThat(page.substring(from, to)).isEqualTo(wanted);
    }
}
