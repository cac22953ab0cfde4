package dev.holdfast.engine.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RingTest {

    @Test
    void takesAsManyElementsAsItsCapacityAndRefusesTheNext() {
        Ring ring = new Ring(4);
        for (long n = 1; n <= 4; n++) {
            assertThat(ring.offer(new Element.Barrier(n))).isTrue();
        }
        assertThat(ring.offer(new Element.Barrier(5))).isFalse();

        assertThat(ring.poll()).isEqualTo(new Element.Barrier(1));
        assertThat(ring.offer(new Element.Barrier(5))).isTrue();
        assertThat(ring.offer(new Element.Barrier(6))).isFalse();
    }

    @Test
    void anEmptyOneGivesNull() {
        Ring ring = new Ring(2);
        assertThat(ring.poll()).isNull();
        ring.offer(new Element.EndOfInput());
        assertThat(ring.poll()).isEqualTo(new Element.EndOfInput());
        assertThat(ring.poll()).isNull();
    }

    @Test
    void aCapacityThatIsNoPowerOfTwoIsRefused() {
        assertThatThrownBy(() -> new Ring(12)).hasMessage("capacity must be a power of two, found 12");
    }

    @Test
    void betweenTwoThreadsEverythingArrivesOnceAndInOrder() throws Exception {
        long count = 2_000_000;
        Ring ring = new Ring(16);
        AtomicLong taken = new AtomicLong();
        AtomicLong mostAhead = new AtomicLong();
        Thread writer = new Thread(() -> {
            for (long n = 1; n <= count; n++) {
                Element.Barrier element = new Element.Barrier(n);
                while (!ring.offer(element)) {
                    Thread.onSpinWait();
                }
                mostAhead.set(Math.max(mostAhead.get(), n - taken.get()));
            }
        });
        writer.start();
        long expected = 1;
        while (expected <= count) {
            Element element = ring.poll();
            if (element != null) {
                assertThat(((Element.Barrier) element).checkpointId()).isEqualTo(expected);
                taken.set(expected++);
            } else {
                Thread.onSpinWait();
            }
        }
        writer.join();
        assertThat(ring.poll()).isNull();
        // The reader notes an element after it has taken it, so the writer may see one more.
        assertThat(mostAhead.get()).isLessThanOrEqualTo(17);
    }
}
