package dev.holdfast.engine.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.UnrecoverableException;
import dev.holdfast.engine.env.StoreException;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FailureTest {
    private static final String FALLBACK = "HF-RUN-008";

    @Test
    void takesCodeAndTextOfAnErrorThatHasThem() {
        assertThat(Failure.of(new HoldfastException("HF-ABC-001", "it broke"), FALLBACK))
                .isEqualTo(new Failure("HF-ABC-001", "it broke", false));
    }

    @Test
    void givesOthersTheFallbackCode() {
        assertThat(Failure.of(new IOException("it broke"), FALLBACK))
                .isEqualTo(new Failure(FALLBACK, "java.io.IOException: it broke", false));
    }

    @Test
    void isUnrecoverableIfTheErrorSaysSo() {
        assertThat(Failure.of(new UnrecoverableException("HF-ABC-001", "it is gone"), FALLBACK))
                .isEqualTo(new Failure("HF-ABC-001", "it is gone", true));
    }

    @Test
    void isUnrecoverableIfACauseSaysSoHoweverItIsWrapped() {
        Throwable gone = new UnrecoverableException("it is gone", new IOException("no such file"));
        Throwable wrapped = new HoldfastException(
                "HF-ABC-002", "outer", new ExecutionException(new IllegalStateException("inner", gone)));

        assertThat(Failure.of(wrapped, FALLBACK)).isEqualTo(new Failure("HF-ABC-002", "outer", true));
    }

    @Test
    void knowsThatALocalDiskIsTheCauseHoweverItIsWrapped() {
        Throwable full = new StoreException(StoreException.Kind.DISK, "it is full");
        Throwable away = new StoreException(StoreException.Kind.UNREACHABLE, "it is away");

        assertThat(Failure.of(new HoldfastException("HF-ABC-002", "outer", full), FALLBACK))
                .isEqualTo(new Failure("HF-ABC-002", "outer", false, true));
        assertThat(Failure.of(away, FALLBACK).ofDisk()).isFalse();
    }

    @Test
    void endsWhereCausesGoRound() {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);

        assertThat(Failure.of(first, FALLBACK).unrecoverable()).isFalse();
    }

    @Test
    void keepsCodeAndKindWhenAPlaceIsNamed() {
        Failure failure = new Failure("HF-ABC-001", "it is gone", true).in(new TaskId(1, 0));

        assertThat(failure).isEqualTo(new Failure("HF-ABC-001", "task 1/0: it is gone", true));
        assertThat(failure.message()).isEqualTo("HF-ABC-001: task 1/0: it is gone");
    }
}
