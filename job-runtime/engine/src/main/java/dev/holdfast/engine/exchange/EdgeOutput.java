package dev.holdfast.engine.exchange;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.KeySelector;
import dev.holdfast.api.Output;
import dev.holdfast.engine.graph.KeyGroups;
import dev.holdfast.engine.metrics.OutputCounters;
import dev.holdfast.engine.type.KeyCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One task's side of an edge: finds the task for each record, fills batches, hands them over. Records wait in a batch until
 * it is full, the input has nothing more ({@link #flush}), or a barrier follows. Used by the task's thread alone.
 */
public abstract sealed class EdgeOutput implements Output<Object> {
    final ChannelOutput[] channels;
    private int probed;

    private EdgeOutput(List<? extends ChannelWriter> writers, Backlog backlog) {
        channels = writers.stream()
                .map(writer -> new ChannelOutput(writer, backlog))
                .toArray(ChannelOutput[]::new);
    }

    /** To the one channel of a forward edge, or in turn to several. */
    public static EdgeOutput spread(List<? extends ChannelWriter> writers, Backlog backlog) {
        return new Spread(writers, backlog);
    }

    public static EdgeOutput broadcast(List<? extends ChannelWriter> writers, Backlog backlog) {
        return new Copied(writers, backlog);
    }

    /**
     * To the task that owns the key.
     *
     * @param readBy name of the operator behind the edge, for errors of the key selector
     */
    public static <K> EdgeOutput keyed(
            List<? extends ChannelWriter> writers,
            Backlog backlog,
            KeySelector<Object, K> selector,
            KeyCodec<K> codec,
            int maxParallelism,
            String readBy) {
        return new Keyed<>(writers, backlog, selector, codec, maxParallelism, readBy);
    }

    /** Hands over batches that are not full. */
    public abstract void flush();

    /** Sends a barrier or the end to every channel, behind all records. */
    public final void control(Element element) {
        flush();
        for (ChannelOutput channel : channels) {
            channel.push(element);
        }
    }

    /** Sends a probe to the next channel, behind all records. */
    public final void probe(Element.Probe probe) {
        flush();
        channels[probed].push(probe);
        probed = probed + 1 == channels.length ? 0 : probed + 1;
    }

    /** Hands over what channels refused before, as far as they take it now. */
    public final void drain(long nowNs) {
        for (ChannelOutput channel : channels) {
            channel.drain(nowNs);
        }
    }

    /**
     * What its channels count.
     *
     * @param operator that reads them
     * @param first subtask behind the first channel
     */
    public final List<OutputCounters> counters(String operator, int first) {
        List<OutputCounters> counters = new ArrayList<>();
        for (int i = 0; i < channels.length; i++) {
            counters.add(channels[i].counters(operator, first + i));
        }
        return counters;
    }

    /** Bytes sent to other workers; from any thread. */
    public final long sentBytes() {
        long sum = 0;
        for (ChannelOutput channel : channels) {
            sum += channel.sentBytes();
        }
        return sum;
    }

    private static final class Spread extends EdgeOutput {
        private Batch open = Batch.plain();
        private int next;

        Spread(List<? extends ChannelWriter> writers, Backlog backlog) {
            super(writers, backlog);
        }

        @Override
        public void emit(Object value) {
            if (open.add(value)) {
                flush();
            }
        }

        @Override
        public void flush() {
            if (open.size() > 0) {
                channels[next].push(open);
                next = next + 1 == channels.length ? 0 : next + 1;
                open = Batch.plain();
            }
        }
    }

    private static final class Copied extends EdgeOutput {
        private Batch open = Batch.plain();

        Copied(List<? extends ChannelWriter> writers, Backlog backlog) {
            super(writers, backlog);
        }

        @Override
        public void emit(Object value) {
            if (open.add(value)) {
                flush();
            }
        }

        @Override
        public void flush() {
            if (open.size() > 0) {
                for (ChannelOutput channel : channels) {
                    channel.push(open);
                }
                open = Batch.plain();
            }
        }
    }

    private static final class Keyed<K> extends EdgeOutput {
        private final KeySelector<Object, K> selector;
        private final KeyCodec<K> codec;
        private final String readBy;
        private final int maxParallelism;
        private final int[] taskOf;
        private final @Nullable Batch[] open;

        Keyed(
                List<? extends ChannelWriter> writers,
                Backlog backlog,
                KeySelector<Object, K> selector,
                KeyCodec<K> codec,
                int maxParallelism,
                String readBy) {
            super(writers, backlog);
            this.selector = selector;
            this.codec = codec;
            this.readBy = readBy;
            this.maxParallelism = maxParallelism;
            this.open = new Batch[writers.size()];
            this.taskOf = new int[maxParallelism];
            Arrays.setAll(taskOf, group -> KeyGroups.task(group, writers.size(), maxParallelism));
        }

        @Override
        public void emit(Object value) {
            K key;
            try {
                key = selector.key(value);
            } catch (Exception e) {
                throw new KeyFailure(readBy, "the key selector threw " + e, e);
            }
            if (key == null) {
                throw new KeyFailure(readBy, "the key selector returned null", null);
            }
            int hash = codec.hash(key);
            int task = taskOf[KeyGroups.keyGroup(hash, maxParallelism)];
            Batch batch = open[task];
            if (batch == null) {
                batch = Batch.keyed();
                open[task] = batch;
            }
            if (batch.add(value, key, hash)) {
                open[task] = null;
                channels[task].push(batch);
            }
        }

        @Override
        public void flush() {
            for (int task = 0; task < open.length; task++) {
                Batch batch = open[task];
                if (batch != null) {
                    open[task] = null;
                    channels[task].push(batch);
                }
            }
        }
    }

    /** A key selector failed. */
    static final class KeyFailure extends HoldfastException {
        private static final long serialVersionUID = 1L;

        KeyFailure(String operator, String what, @Nullable Throwable cause) {
            super("HF-RUN-001", "operator '" + operator + "': " + what, cause);
        }
    }
}
