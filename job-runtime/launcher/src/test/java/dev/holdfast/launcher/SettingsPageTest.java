package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables of the docs that are made from the code. {@code make docs} writes them anew. */
class SettingsPageTest {
    private static final boolean UPDATE = Boolean.getBoolean("holdfast.update-docs");
    private static final String LIST = "docs/reference/configuration.md";

    @Test
    void listsAllSettings() throws IOException {
        StringBuilder table = new StringBuilder("| setting | option | value | default | processes | live | meaning |\n"
                + "| --- | --- | --- | --- | --- | --- | --- |\n");
        for (Setting setting : Settings.ALL) {
            List<String> cells = List.of(
                    code(setting.name()),
                    code(setting.option()),
                    setting.value(),
                    code(setting.otherwise()),
                    setting.roles().stream().map(Role::command).collect(Collectors.joining(", ")),
                    setting.live(),
                    setting.meaning());
            table.append(cells.stream().collect(Collectors.joining(" | ", "| ", " |\n")));
        }
        assertTable(LIST, "settings", table.toString());
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
        assertTable("docs/operations-local.md", "exit codes", table.toString());
    }

    private static String code(String text) {
        return text.isEmpty() ? "" : "`" + text + "`";
    }

    private static void assertTable(String page, String name, String wanted) throws IOException {
        Path file = Repository.root().resolve(page);
        String text = Files.readString(file);
        String begin = "<!-- " + name + ": written by SettingsPageTest -->\n";
        String end = "<!-- end of " + name + " -->";
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf(end);
        if (UPDATE) {
            Files.writeString(file, text.substring(0, from) + wanted + text.substring(to));
            return;
        }
        assertThat(text.substring(from, to))
                .as("the table of %s in %s; `make docs` writes it anew", name, page)
                .isEqualTo(wanted);
    }
}
