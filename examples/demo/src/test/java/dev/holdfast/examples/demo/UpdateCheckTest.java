package dev.holdfast.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check must fail for every way in which a job can be wrong; otherwise the demo proves nothing. */
class UpdateCheckTest {
    private static final Map<String, Long> EXPECTED = Map.of("the", 3L, "lord", 1L);

    @TempDir
    Path directory;

    @Test
    void acceptsEveryUpdateOnceInAnyOrder() throws IOException {
        UpdateCheck.Verdict verdict = verdict("the 2", "lord 1", "the 1", "the 3");

        assertThat(verdict.isExactlyOnce()).isTrue();
        assertThat(verdict.updates()).isEqualTo(4);
        assertThat(verdict.examples()).isEmpty();
    }

    @Test
    void findsAMissingUpdate() throws IOException {
        UpdateCheck.Verdict verdict = verdict("the 1", "the 3", "lord 1");

        assertThat(verdict.isExactlyOnce()).isFalse();
        assertThat(verdict.missing()).isEqualTo(1);
        assertThat(verdict.examples()).containsExactly("update 2 of 'the' is missing");
    }

    @Test
    void findsAWordWithoutAnyUpdate() throws IOException {
        UpdateCheck.Verdict verdict = verdict("lord 1");

        assertThat(verdict.isExactlyOnce()).isFalse();
        assertThat(verdict.missing()).isEqualTo(3);
    }

    @Test
    void findsADoubledUpdate() throws IOException {
        UpdateCheck.Verdict verdict = verdict("the 1", "the 2", "the 2", "the 3", "lord 1");

        assertThat(verdict.isExactlyOnce()).isFalse();
        assertThat(verdict.doubled()).isEqualTo(1);
        assertThat(verdict.examples()).containsExactly("update 2 of 'the' is there again");
    }

    /** As when a lost record and a doubled one cancel each other out in the number of lines. */
    @Test
    void findsADoubledUpdateInPlaceOfAMissingOne() throws IOException {
        UpdateCheck.Verdict verdict = verdict("the 1", "the 2", "the 2", "lord 1");

        assertThat(verdict.isExactlyOnce()).isFalse();
        assertThat(verdict.doubled()).isEqualTo(1);
        assertThat(verdict.missing()).isEqualTo(1);
    }

    @Test
    void findsAnUpdateBeyondTheLast() throws IOException {
        UpdateCheck.Verdict verdict = verdict("the 1", "the 2", "the 3", "the 4", "lord 1");

        assertThat(verdict.isExactlyOnce()).isFalse();
        assertThat(verdict.wrong()).isEqualTo(1);
        assertThat(verdict.examples()).containsExactly("'the' came 3 times, and there is an update 4");
    }

    @Test
    void findsAnUpdateZero() throws IOException {
        assertThat(verdict("the 0", "the 1", "the 2", "the 3", "lord 1").wrong())
                .isEqualTo(1);
    }

    @Test
    void findsAWordThatNeverCame() throws IOException {
        UpdateCheck.Verdict verdict = verdict("the 1", "the 2", "the 3", "lord 1", "amen 1");

        assertThat(verdict.isExactlyOnce()).isFalse();
        assertThat(verdict.wrong()).isEqualTo(1);
    }

    @Test
    void findsALineThatIsTornOrOfAnotherForm() throws IOException {
        for (String line : new String[] {
            "{\"word\":\"the\",\"cou",
            "",
            "{\"word\":\"\",\"count\":1}",
            "{\"word\":\"the\",\"count\":}",
            "{\"word\":\"the\",\"count\":1}}",
            "{\"word\":\"The\",\"count\":1}",
            "{\"count\":1,\"word\":\"the\"}"
        }) {
            UpdateCheck check = new UpdateCheck(EXPECTED);
            check.readLines(bytes(line + "\n"));

            assertThat(check.verdict().wrong()).as(line).isEqualTo(1);
        }
    }

    @Test
    void readsLinesAcrossItsBuffer() throws IOException {
        long times = 100_000;
        StringBuilder all = new StringBuilder();
        for (long count = times; count > 0; count--) {
            all.append(line("the", count)).append('\n');
        }
        UpdateCheck check = new UpdateCheck(Map.of("the", times));
        check.readLines(bytes(all.toString()));

        assertThat(check.verdict()).isEqualTo(new UpdateCheck.Verdict(times, 0, 0, 0, java.util.List.of()));
    }

    @Test
    void endsAtALineThatIsLongerThanItsBuffer() throws IOException {
        UpdateCheck check = new UpdateCheck(Map.of());
        check.readLines(bytes("x".repeat(1_000_000)));

        assertThat(check.verdict().wrong()).isPositive();
        assertThat(check.verdict().examples().getFirst()).hasSizeLessThan(200);
    }

    @Test
    void looksAtVisibleFilesOnly() throws IOException {
        Files.writeString(directory.resolve("counts-1.jsonl"), line("lord", 1) + "\n");
        Files.writeString(directory.resolve(".hidden.jsonl"), line("lord", 1) + "\n");
        Path pending = Files.createDirectory(directory.resolve(".pending"));
        Files.writeString(pending.resolve("part"), line("lord", 1) + "\n");
        UpdateCheck check = new UpdateCheck(Map.of("lord", 1L));
        check.readDirectory(directory);

        assertThat(check.verdict()).isEqualTo(new UpdateCheck.Verdict(1, 0, 0, 0, java.util.List.of()));
    }

    private static UpdateCheck.Verdict verdict(String... updates) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String update : updates) {
            String[] parts = update.split(" ");
            lines.append(line(parts[0], Long.parseLong(parts[1]))).append('\n');
        }
        UpdateCheck check = new UpdateCheck(EXPECTED);
        check.readLines(bytes(lines.toString()));
        return check.verdict();
    }

    private static String line(String word, long count) {
        return "{\"word\":\"" + word + "\",\"count\":" + count + "}";
    }

    private static ByteArrayInputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
