package dev.holdfast.engine.exchange;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue from one thread to one other, without locks (Lamport, "Specifying Concurrent Program Modules", 1983; each
 * side caches the other's position as in FastForward and Thompson's Disruptor). Positions only grow; an index is a position
 * modulo the capacity.
 */
public final class Ring implements ChannelWriter, ChannelReader {
    private static final VarHandle HEAD;
    private static final VarHandle TAIL;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(Consumer.class, "head", long.class);
            TAIL = MethodHandles.lookup().findVarHandle(Producer.class, "tail", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable Element[] slots;
    private final int mask;
    private final Producer producer = new Producer();
    private final Consumer consumer = new Consumer();

    /** @param capacity a power of two */
    public Ring(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity must be a power of two, found " + capacity);
        }
        slots = new Element[capacity];
        mask = capacity - 1;
    }

    @Override
    public boolean offer(Element element) {
        long tail = producer.tail;
        if (tail - producer.seenHead > mask) {
            producer.seenHead = (long) HEAD.getAcquire(consumer);
            if (tail - producer.seenHead > mask) {
                return false;
            }
        }
        slots[(int) tail & mask] = element;
        TAIL.setRelease(producer, tail + 1);
        return true;
    }

    @Override
    public @Nullable Element poll() {
        long head = consumer.head;
        if (head == consumer.seenTail) {
            consumer.seenTail = (long) TAIL.getAcquire(producer);
            if (head == consumer.seenTail) {
                return null;
            }
        }
        int index = (int) head & mask;
        Element element = slots[index];
        slots[index] = null;
        HEAD.setRelease(consumer, head + 1);
        return element;
    }

    @Override
    public double fill() {
        long filled = producer.tail - consumer.head;
        return Math.clamp((double) filled / (mask + 1), 0, 1);
    }

    /** The producer's side; the unused fields keep the two sides in different cache lines. */
    @SuppressWarnings("UnusedVariable")
    private static final class Producer {
        private long before1, before2, before3, before4, before5, before6, before7;
        private volatile long tail;
        private long seenHead;
        private long after1, after2, after3, after4, after5, after6, after7;
    }

    /** The consumer's side. */
    @SuppressWarnings("UnusedVariable")
    private static final class Consumer {
        private long before1, before2, before3, before4, before5, before6, before7;
        private volatile long head;
        private long seenTail;
        private long after1, after2, after3, after4, after5, after6, after7;
    }
}
