package dev.holdfast.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SequentialCounterTest {
    @TempDir
    Path directory;

    @Test
    void countsRunsOfLettersInLowerCase() throws IOException {
        SequentialCounter counter = count("The LORD's well-fed ox;\nthe 2nd ox\n");

        assertThat(counter.counts())
                .isEqualTo(Map.of("the", 2L, "lord", 1L, "s", 1L, "well", 1L, "fed", 1L, "ox", 2L, "nd", 1L));
        assertThat(counter.words()).isEqualTo(9);
        assertThat(counter.lines()).isEqualTo(2);
    }

    @Test
    void separatesAtBytesAroundTheLetters() throws IOException {
        assertThat(count("a@b[c`d{e").counts().keySet()).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
    }

    @Test
    void takesNoByteOfAnotherLetterForALetter() throws IOException {
        assertThat(count("zäh").counts().keySet()).containsExactlyInAnyOrder("z", "h");
    }

    @Test
    void countsTheLastLineWithoutAnEnd() throws IOException {
        SequentialCounter counter = count("one\ntwo");

        assertThat(counter.lines()).isEqualTo(2);
        assertThat(counter.counts()).isEqualTo(Map.of("one", 1L, "two", 1L));
    }

    @Test
    void countsWordsOfAnyLength() throws IOException {
        assertThat(count("x".repeat(1_000)).counts()).isEqualTo(Map.of("x".repeat(1_000), 1L));
    }

    private SequentialCounter count(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("text"), text);
        SequentialCounter counter = new SequentialCounter();
        counter.count(file);
        return counter;
    }
}
