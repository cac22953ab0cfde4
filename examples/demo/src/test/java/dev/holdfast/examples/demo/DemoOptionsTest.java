package dev.holdfast.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoOptionsTest {

    @Test
    void readsOptions() {
        DemoOptions options = DemoOptions.parse(
                List.of(
                        "--holdfast",
                        "h",
                        "--libraries",
                        "l",
                        "--text",
                        "t",
                        "--repeat",
                        "3",
                        "--seed",
                        "-1",
                        "--keep"),
                5);

        assertThat(options).isEqualTo(new DemoOptions(Path.of("h"), Path.of("l"), Path.of("t"), 3, -1, true));
    }

    @Test
    void takesTheGivenSeedWhereNoneIsAsked() {
        assertThat(DemoOptions.parse(List.of(), 5).seed()).isEqualTo(5);
    }

    @Test
    void namesWhatItDoesNotUnderstand() {
        assertThatThrownBy(() -> DemoOptions.parse(List.of("--fast", "1"), 5)).hasMessage("there is no option --fast");
        assertThatThrownBy(() -> DemoOptions.parse(List.of("--repeat", "0"), 5))
                .hasMessage("--repeat is 0, expected 1 or more");
        assertThatThrownBy(() -> DemoOptions.parse(List.of("--seed", "x"), 5))
                .hasMessage("--seed is 'x', expected a whole number");
        assertThatThrownBy(() -> DemoOptions.parse(List.of("--seed"), 5))
                .hasMessage("option --seed is unknown or has no value");
    }
}
