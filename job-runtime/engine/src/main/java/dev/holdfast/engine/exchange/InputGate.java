package dev.holdfast.engine.exchange;

import dev.holdfast.engine.metrics.InputGauges;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a task's input comes together, and barriers are aligned.
 *
 * <ol>
 *   <li>Channels are read in turn, one batch at a time.
 *   <li>The first barrier of a checkpoint blocks its channel: nothing behind it is read, and since channels are bounded, its
 *       writer stops too.
 *   <li>When every channel has delivered the barrier or its end, {@link #aligned} tells the checkpoint's number. Everything
 *       before the barriers was read, nothing behind them: a consistent cut (invariant I1).
 *   <li>{@link #release} lets all channels go on.
 * </ol>
 *
 * A probe is left to be taken ({@link #takeProbe}). Barriers come in the same order on every channel, so one that differs from the others is a broken invariant. Used by the
 * task's thread alone, but for its gauges.
 */
public final class InputGate implements InputGauges {
    private static final long NONE = -1;

    private final Channel[] channels;
    private int next;
    private int ended;
    private int delivered;
    private long aligning = NONE;
    private int lastInput;
    private Element.@Nullable Probe probe;

    /** @param channels in any order, the same after each start */
    public InputGate(List<Channel> channels) {
        this.channels = channels.toArray(new Channel[0]);
    }

    /** A channel into a task. */
    public static final class Channel {
        private final ChannelReader reader;
        private final int input;
        private boolean blocked;
        private boolean ended;

        /** @param input 0, or 1 for the broadcast side */
        public Channel(ChannelReader reader, int input) {
            this.reader = reader;
            this.input = input;
        }
    }

    /**
     * The next batch, or null if no open channel has one now. Takes in barriers and ends on the way, and stops at a completed
     * alignment, and at a probe.
     */
    public @Nullable Batch poll() {
        for (int tries = 0; tries < channels.length; tries++) {
            if (isAligned()) {
                return null;
            }
            Channel channel = channels[next];
            next = next + 1 == channels.length ? 0 : next + 1;
            if (channel.blocked || channel.ended) {
                continue;
            }
            switch (channel.reader.poll()) {
                case null -> {}
                case Batch batch -> {
                    lastInput = channel.input;
                    return batch;
                }
                case Element.Barrier barrier -> {
                    take(channel, barrier);
                    tries = -1;
                }
                case Element.Probe next -> {
                    probe = next;
                    return null;
                }
                case Element.EndOfInput end -> {
                    channel.ended = true;
                    ended++;
                    tries = -1;
                }
            }
        }
        return null;
    }

    private void take(Channel channel, Element.Barrier barrier) {
        if (aligning == NONE) {
            aligning = barrier.checkpointId();
        } else if (aligning != barrier.checkpointId()) {
            throw new IllegalStateException("barrier " + barrier.checkpointId() + " came while " + aligning
                    + " was being aligned: barriers are out of order");
        }
        channel.blocked = true;
        delivered++;
    }

    /** The probe at which the last {@link #poll} stopped, once; null if it did not stop at one. */
    public Element.@Nullable Probe takeProbe() {
        Element.Probe taken = probe;
        probe = null;
        return taken;
    }

    @Override
    public double fill() {
        double fullest = 0;
        for (Channel channel : channels) {
            fullest = Math.max(fullest, channel.reader.fill());
        }
        return fullest;
    }

    @Override
    public long receivedBytes() {
        long sum = 0;
        for (Channel channel : channels) {
            sum += channel.reader.receivedBytes();
        }
        return sum;
    }

    /** Input ordinal of the last batch. */
    public int lastInput() {
        return lastInput;
    }

    /** Whether a barrier has come and others are waited for. */
    public boolean isAligning() {
        return aligning != NONE && !isAligned();
    }

    /** Whether all channels stand at the same barrier. */
    public boolean isAligned() {
        return aligning != NONE && delivered + ended == channels.length;
    }

    /** Number of the checkpoint at whose barrier all channels stand; only while {@link #isAligned}. */
    public long aligned() {
        if (!isAligned()) {
            throw new IllegalStateException("asked for the aligned checkpoint while none is");
        }
        return aligning;
    }

    /** Lets all channels go on after a completed alignment. */
    public void release() {
        aligned();
        for (Channel channel : channels) {
            channel.blocked = false;
        }
        aligning = NONE;
        delivered = 0;
    }

    /** Whether every channel has come to its end. */
    public boolean isEnded() {
        return ended == channels.length;
    }
}
