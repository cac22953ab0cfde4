package dev.holdfast.benchmarks.exchange;

import dev.holdfast.api.Emitter;
import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.OperatorContext;
import dev.holdfast.api.Output;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.Process;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.connector.datagen.Datagen;
import dev.holdfast.connector.datagen.Discard;
import java.util.Arrays;

/**
 * Each record goes to the other task and back to the one that made it, which knows how long that took. After each {@value #SAMPLES}
 * records it says so: {@code echo subtask=0 p50_us=... p99_us=... max_us=...}. Parameter: {@code per-second}, of both tasks.
 */
public final class EchoProgram implements StreamProgram {
    static final int SAMPLES = 5_000;

    /** One on its way. */
    public record Stamped(long sentNs, long there, long back) {}

    @Override
    public void define(StreamGraph graph, Parameters parameters) {
        graph.source(
                        "numbers",
                        Datagen.of(Long.class, 1, (index, random) -> index).perSecond(parameters.number("per-second")))
                .process("stamp", Stamped.class, states -> new Stamp())
                .keyBy(Long.class, Stamped::there)
                .process("turn", Stamped.class, states -> (value, context, out) -> out.emit(value))
                .keyBy(Long.class, Stamped::back)
                .process("arrive", Long.class, states -> new Arrive())
                .sink("nowhere", Discard.sink());
    }

    private static final class Stamp implements Process<Long, Stamped> {
        private long there;
        private long back;

        @Override
        public void open(OperatorContext context) {
            there = OtherTask.keys(context.index(), 1)[0];
            back = OtherTask.keysOf(context.index(), 1)[0];
        }

        @Override
        public void process(Long number, Emitter context, Output<Stamped> out) {
            out.emit(new Stamped(System.nanoTime(), there, back));
        }
    }

    private static final class Arrive implements KeyedProcess<Long, Stamped, Long> {
        private final long[] takenNs = new long[SAMPLES];
        private int index;
        private int samples;

        @Override
        public void open(OperatorContext context) {
            index = context.index();
        }

        @Override
        public void process(Stamped value, Context<Long> context, Output<Long> out) {
            takenNs[samples++] = System.nanoTime() - value.sentNs();
            if (samples == SAMPLES) {
                samples = 0;
                Arrays.sort(takenNs);
                System.out.println("echo subtask=" + index + " p50_us=" + takenNs[SAMPLES / 2] / 1_000 + " p99_us="
                        + takenNs[SAMPLES * 99 / 100] / 1_000 + " max_us=" + takenNs[SAMPLES - 1] / 1_000);
            }
        }
    }
}
