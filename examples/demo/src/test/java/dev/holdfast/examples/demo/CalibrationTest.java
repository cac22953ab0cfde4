package dev.holdfast.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CalibrationTest {
    private static final long MS = 1_000_000;

    @Test
    void readsTheTextOftenerWhereTheMachineIsFaster() {
        assertThat(Calibration.repeat(70 * MS)).isEqualTo(57);
        assertThat(Calibration.repeat(140 * MS)).isEqualTo(29);
    }

    @Test
    void staysWithinItsBounds() {
        assertThat(Calibration.repeat(0)).isEqualTo(300);
        assertThat(Calibration.repeat(60_000 * MS)).isEqualTo(20);
    }
}
