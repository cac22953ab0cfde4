package dev.holdfast.storage.s3;

import dev.holdfast.engine.env.StoreException;
import dev.holdfast.storage.s3.StoreSettings.Limits;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;

/**
 * Tries a call within a budget of time and of tries:
 *
 * <ol>
 *   <li>a try gets what is left of the time, at most the time of one try;
 *   <li>a failure that another try can mend is followed by a pause, doubling from 50 ms to 1 s, half of it random so that
 *       many workers do not come back at once;
 *   <li>when tries or time are used up, or no try can help, the last failure is thrown; as UNKNOWN_OUTCOME if any try of a
 *       write may have happened.
 * </ol>
 */
final class Calls {
    private static final long FIRST_PAUSE_MS = 50;
    private static final long MAX_PAUSE_MS = 1_000;

    /** What is left must allow for a round trip to a distant server, or a try is not worth it. */
    private static final long MIN_TRY_MS = 500;

    /** 1 MB/s: a line slower than that cannot carry checkpoints. */
    private static final long MIN_BYTES_PER_MS = 1_000;

    private final Limits limits;
    private final Failures failures;

    Calls(Limits limits, Failures failures) {
        this.limits = limits;
        this.failures = failures;
    }

    /**
     * Tries until it works.
     *
     * @throws StoreException when the budget is used up or trying again is of no use
     */
    <T> T run(Call call, Attempt<T> attempt) {
        long startNs = System.nanoTime();
        long transferMs = call.transferBytes() / MIN_BYTES_PER_MS;
        long callMs = limits.callTimeoutMs() + transferMs;
        boolean unsure = false;
        for (int number = 1; ; number++) {
            long leftMs = callMs - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
            Failure failure;
            try {
                return attempt.run(limitTo(Math.min(leftMs, limits.attemptTimeoutMs() + transferMs)), unsure);
            } catch (StoreException e) {
                throw e;
            } catch (RuntimeException e) {
                failure = failures.of(e);
                unsure |= call.isWrite() && failure.mayHaveHappened();
                long pauseMs = pauseMs(number);
                leftMs = callMs - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
                if (!failure.retry() || number >= limits.maxAttempts() || leftMs - pauseMs < MIN_TRY_MS) {
                    throw failures.exception(call, failure, number, unsure, e);
                }
                pause(call, pauseMs, unsure, e);
            }
        }
    }

    private void pause(Call call, long ms, boolean unsure, RuntimeException cause) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cause.addSuppressed(e);
            throw failures.exception(
                    call,
                    Failure.refused(StoreException.Kind.UNREACHABLE, "interrupted between two tries"),
                    1,
                    unsure,
                    cause);
        }
    }

    private static long pauseMs(int failedAttempts) {
        long ceilingMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS << Math.min(failedAttempts - 1, 10));
        return ceilingMs / 2 + ThreadLocalRandom.current().nextLong(ceilingMs / 2 + 1);
    }

    private static AwsRequestOverrideConfiguration limitTo(long ms) {
        // Two limits with one value: the first counts from the request's sending, the second also what comes before,
        // such
        // as the search for credentials.
        Duration limit = Duration.ofMillis(Math.max(1, ms));
        return AwsRequestOverrideConfiguration.builder()
                .apiCallAttemptTimeout(limit)
                .apiCallTimeout(limit)
                .build();
    }

    /** One try. */
    @FunctionalInterface
    interface Attempt<T> {
        /**
         * Tries once.
         *
         * @param limits to be put into the request
         * @param unsure whether an earlier try of this write may have happened
         */
        T run(AwsRequestOverrideConfiguration limits, boolean unsure);
    }
}
