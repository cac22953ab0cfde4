package dev.holdfast.engine.exchange.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How the window follows the reader. */
class ReceiveWindowTest {
    private static final long MS = 1_000_000;
    private static final long MAX = 16 << 20;

    @Test
    void growsToWhatTheReaderConsumesInTheTargetTime() {
        ReceiveWindow window = new ReceiveWindow(MAX, 0);

        run(window, 0, 30, 10_000_000, false);

        assertThat(window.windowBytes()).isBetween(1_900_000L, 2_000_000L);
    }

    @Test
    void shrinksWhenTheReaderIsSlow() {
        ReceiveWindow window = new ReceiveWindow(MAX, 0);
        run(window, 0, 30, 50_000_000, false);

        run(window, 3_000, 30, 1_000_000, false);

        assertThat(window.windowBytes()).isBetween(199_000L, 300_000L);
    }

    @Test
    void keepsItsSizeWhenTheWriterIsSlow() {
        ReceiveWindow window = new ReceiveWindow(MAX, 0);
        run(window, 0, 30, 50_000_000, false);
        long before = window.windowBytes();

        run(window, 3_000, 30, 1_000_000, true);

        assertThat(window.windowBytes()).isEqualTo(before);
    }

    @Test
    void staysWithinItsBounds() {
        ReceiveWindow small = new ReceiveWindow(1, 0);
        run(small, 0, 30, 1_000_000_000, false);
        assertThat(small.windowBytes()).isEqualTo(ReceiveWindow.MIN_BYTES);

        ReceiveWindow large = new ReceiveWindow(MAX, 0);
        run(large, 0, 60, 1_000_000_000, false);
        assertThat(large.windowBytes()).isEqualTo(MAX);
        run(large, 6_000, 60, 10, false);
        assertThat(large.windowBytes()).isEqualTo(ReceiveWindow.MIN_BYTES);
    }

    @Test
    void theLimitNeverFallsAndAReaderThatTakesAllAlwaysGrantsMore() {
        ReceiveWindow window = new ReceiveWindow(MAX, 0);
        long consumed = 0;
        long before = window.limit();
        long nowNs = 0;
        for (int i = 0; i < 10_000; i++) {
            long bytes = 1 + (i * 7919L) % 100_000;
            consumed += bytes;
            nowNs += (i * 31L) % 5 * MS;
            window.consumed(bytes, nowNs);
            assertThat(window.limit()).isGreaterThanOrEqualTo(before);
            // What was not told yet is less than a quarter of a window, so the writer can always go on.
            assertThat(window.limit() - consumed).isGreaterThan(0);
            before = window.limit();
        }
    }

    /** Consumes at a rate, in pieces of 10 ms. */
    private static void run(ReceiveWindow window, long fromMs, int periods, long bytesPerSecond, boolean ranDry) {
        for (int i = 1; i <= periods * 10; i++) {
            if (ranDry) {
                window.ranDry();
            }
            window.consumed(bytesPerSecond / 100, (fromMs + i * 10L) * MS);
        }
    }
}
