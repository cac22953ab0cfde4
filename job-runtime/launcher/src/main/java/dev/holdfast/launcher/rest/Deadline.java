package dev.holdfast.launcher.rest;

import dev.holdfast.launcher.http.ApiException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Waits for the one answer of a loop, and not for ever. */
final class Deadline<T> implements Consumer<T> {
    /** A coordinator answers in milliseconds; a question to the store takes up to this. */
    private static final long LIMIT_MS = 10_000;

    private final CountDownLatch told = new CountDownLatch(1);
    private volatile @Nullable T answer;

    /** On the loop's thread. */
    @Override
    public void accept(T value) {
        answer = value;
        told.countDown();
    }

    /** @throws ApiException HF-API-015 if the answer does not come; it is unknown then what becomes of the request */
    T get(String who) throws InterruptedException {
        if (told.await(LIMIT_MS, TimeUnit.MILLISECONDS)) {
            T value = answer;
            if (value != null) {
                return value;
            }
        }
        throw new ApiException(
                503,
                "HF-API-015",
                who + " did not answer within " + LIMIT_MS
                        + " ms; the request may still be done. Look what became of it"
                        + " before you repeat it, or repeat it with the same Idempotency-Key");
    }
}
