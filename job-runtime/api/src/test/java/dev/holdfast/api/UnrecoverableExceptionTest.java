package dev.holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class UnrecoverableExceptionTest {
    @Test
    void hasACodeThoughNoneWasGiven() {
        IOException cause = new IOException("no such row");

        UnrecoverableException plain = new UnrecoverableException("the table of rates is empty");
        UnrecoverableException caused = new UnrecoverableException("the table of rates is empty", cause);

        assertThat(plain).hasMessage("HF-RUN-016: the table of rates is empty").hasNoCause();
        assertThat(caused).hasMessage("HF-RUN-016: the table of rates is empty").hasCause(cause);
        assertThat(plain.code()).isEqualTo(UnrecoverableException.UNNAMED);
    }

    @Test
    void keepsTheCodeOfALibrary() {
        UnrecoverableException error = new UnrecoverableException("HF-FIL-001", "the input does not exist");

        assertThat(error.code()).isEqualTo("HF-FIL-001");
        assertThat(error.text()).isEqualTo("the input does not exist");
    }
}
