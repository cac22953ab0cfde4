package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NearestTest {

    @Test
    void countsEdits() {
        assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Nearest.distance("", "abc")).isEqualTo(3);
        assertThat(Nearest.distance("same", "same")).isZero();
    }

    @Test
    void findsTheNearestName() {
        assertThat(Nearest.of("retaned", Stream.of("interval", "retained", "timeout")))
                .hasValue("retained");
    }

    @Test
    void suggestsNothingWhenNothingIsNear() {
        assertThat(Nearest.of("zzz", Stream.of("interval", "timeout"))).isEmpty();
    }
}
