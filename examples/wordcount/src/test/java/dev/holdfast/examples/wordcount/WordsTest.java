package dev.holdfast.examples.wordcount;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void wordsAreRunsOfLettersInLowerCase() {
        assertThat(Words.of("The LORD's well-fed ox")).containsExactly("the", "lord", "s", "well", "fed", "ox");
    }

    @Test
    void whatIsNotALetterSeparates() {
        assertThat(Words.of("  a1b\t(Zz)--z.")).containsExactly("a", "b", "zz", "z");
        assertThat(Words.of("caf\u00e9 \u00dcber [`@{ x")).containsExactly("caf", "ber", "x");
    }

    @Test
    void aLineWithoutLettersHasNoWords() {
        assertThat(Words.of("")).isEmpty();
        assertThat(Words.of("12:7 !")).isEmpty();
    }

    @Test
    void countsOfTheExampleTextAreThoseOfTr() throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("data", "kjv.txt"))) {
            for (String word : Words.of(line)) {
                counts.merge(word, 1, Integer::sum);
            }
        }
        // tr -cs A-Za-z '\n' <kjv.txt | tr A-Z a-z | grep . | sort | uniq -c
        assertThat(counts).hasSize(12_544).containsEntry("the", 63_919).containsEntry("lord", 7_964);
        assertThat(counts.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(791_450);
    }
}
