package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of errors against the sources. */
class ErrorsPageTest {
    private static final Pattern CODE = Pattern.compile("\"(HF-[A-Z]{3}-\\d{3})[\":]");
    private static final Pattern CODE_OF_SCRIPT = Pattern.compile("error: (HF-[A-Z]{3}-\\d{3}):");
    private static final String SCRIPT = "job-runtime/launcher/src/main/scripts/holdfast";
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (HF-[A-Z]{3}-\\d{3}) \\|");

    @Test
    void listsEveryCodeOfTheSourcesAndNoOther() throws IOException {
        TreeSet<String> inSources = new TreeSet<>();
        for (Path source : Repository.mainSources()) {
            inSources.addAll(find(CODE, source));
        }
        inSources.addAll(find(CODE_OF_SCRIPT, Repository.root().resolve(SCRIPT)));
        List<String> onPage = find(ROW, Repository.root().resolve("docs/errors.md"));

        assertThat(inSources).isNotEmpty();
        assertThat(onPage).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(inSources);
    }

    private static List<String> find(Pattern pattern, Path file) throws IOException {
        Matcher matcher = pattern.matcher(Files.readString(file));
        List<String> found = new ArrayList<>();
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
