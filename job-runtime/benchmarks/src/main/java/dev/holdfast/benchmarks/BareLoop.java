package dev.holdfast.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * What the machine could do at most: the same records from the same source, the same hash of the key, the counts in a plain
 * open-addressing table, the same use of the result. Each thread owns half of the keys and makes only records of those, as if
 * records had moved between the threads at no cost; no state outlives the run. The records are made as objects, a batch at a
 * time, as a source makes them: else the compiler would leave most of their fields out.
 */
final class BareLoop {
    private static final int BATCH = 512;
    private static final int THREADS = 2;

    private final int keys;

    BareLoop(int keys) {
        this.keys = keys;
    }

    /**
     * Runs for some seconds.
     *
     * @return records of each second after the first {@code warmUpSeconds}, all threads together
     */
    List<Double> run(int warmUpSeconds, int seconds) throws InterruptedException {
        Worker[] workers = new Worker[THREADS];
        for (int i = 0; i < THREADS; i++) {
            workers[i] = new Worker(i, keys / THREADS);
            workers[i].start();
        }
        List<Double> rates = new ArrayList<>();
        long lastNs = System.nanoTime();
        long last = 0;
        for (int second = 0; second < warmUpSeconds + seconds; second++) {
            LockSupport.parkNanos(1_000_000_000);
            long nowNs = System.nanoTime();
            long now = 0;
            for (Worker worker : workers) {
                now += worker.done.getOpaque();
            }
            if (second >= warmUpSeconds) {
                rates.add((now - last) * 1e9 / (nowNs - lastNs));
            }
            last = now;
            lastNs = nowNs;
        }
        for (Worker worker : workers) {
            worker.tally.stop();
        }
        for (Worker worker : workers) {
            worker.join();
            worker.tally.verify(worker.events, worker.firstKey, keys / THREADS);
        }
        return rates;
    }

    private static final class Worker extends Thread {
        private final long firstKey;
        private final Events events;
        private final Tally tally = new Tally();
        private final AtomicLong done = new AtomicLong();
        private final CountTable table;

        Worker(int number, int keys) {
            super("bare-" + number);
            firstKey = (long) number * keys;
            events = new Events(firstKey, keys);
            table = new CountTable(keys);
        }

        @Override
        public void run() {
            Event[] batch = new Event[BATCH];
            long index = 0;
            long checksum = 0;
            while (!tally.isStopping()) {
                make(batch, index);
                checksum += count(batch);
                index += BATCH;
                done.setOpaque(index);
            }
            tally.emitted(0, 1, index);
            tally.consumed(index, checksum);
        }

        private void make(Event[] batch, long index) {
            for (int i = 0; i < BATCH; i++) {
                batch[i] = events.make(index + i);
            }
        }

        private long count(Event[] batch) {
            long checksum = 0;
            for (Event event : batch) {
                long key = event.key();
                checksum += Tally.weight(key) * table.increment(key, Murmur.ofLong(key));
            }
            return checksum;
        }
    }

    /** Keys and counts side by side in one array, at most half full. */
    private static final class CountTable {
        private final long[] cells;
        private final int mask;

        CountTable(int keys) {
            int capacity = Integer.highestOneBit(keys * 2 - 1) * 2;
            cells = new long[capacity * 2];
            mask = capacity - 1;
        }

        long increment(long key, int hash) {
            for (int i = hash & mask; ; i = i + 1 & mask) {
                long count = cells[2 * i + 1];
                if (count == 0) {
                    cells[2 * i] = key;
                    cells[2 * i + 1] = 1;
                    return 1;
                }
                if (cells[2 * i] == key) {
                    return cells[2 * i + 1] = count + 1;
                }
            }
        }
    }
}
