package dev.holdfast.benchmarks.recovery;

import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.Output;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.connector.AtLeastOnceSink;
import dev.holdfast.api.connector.SinkContext;
import dev.holdfast.api.state.States;
import dev.holdfast.api.state.ValueState;
import dev.holdfast.connector.datagen.Datagen;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;

/**
 * Keeps some bytes for each key, and counts. The state has its full size after as many records as there are keys. Parameters: {@code
 * keys}, {@code value-bytes}, {@code per-second}.
 *
 * <p>Each sink task says when it gets its first record of an attempt: {@code mark subtask=1 attempt=3000002 at_us=...}, in
 * microseconds of the wall clock.
 */
public final class RecoveryProgram implements StreamProgram {
    @Override
    public void define(StreamGraph graph, Parameters parameters) {
        long keys = parameters.number("keys");
        int valueBytes = (int) parameters.number("value-bytes");
        graph.source(
                        "numbers",
                        Datagen.of(Long.class, 1, (index, random) -> index).perSecond(parameters.number("per-second")))
                .keyBy(Long.class, number -> number % keys)
                .process("keep", Long.class, states -> new Keep(states, valueBytes))
                .sink("mark", new MarkSink());
    }

    private static final class Keep implements KeyedProcess<Long, Long, Long> {
        private final ValueState<Long> count;
        private final ValueState<byte[]> content;
        private final int valueBytes;

        Keep(States states, int valueBytes) {
            count = states.value("count", Long.class, 0L);
            content = states.value("content", byte[].class, new byte[0]);
            this.valueBytes = valueBytes;
        }

        @Override
        public void process(Long value, Context<Long> context, Output<Long> out) {
            long before = count.get();
            if (before == 0) {
                // Random, so that the files are as long as the state.
                byte[] bytes = new byte[valueBytes];
                new SplittableRandom(context.key()).nextBytes(bytes);
                content.set(bytes);
            }
            count.set(before + 1);
            out.emit(value);
        }
    }

    private static final class MarkSink implements AtLeastOnceSink<Long> {
        @Override
        public Writer<Long> writer(SinkContext context) {
            return new Writer<>() {
                private boolean marked;

                @Override
                public void write(Long value) {
                    if (!marked) {
                        marked = true;
                        System.out.println("mark subtask=" + context.index() + " attempt=" + context.attempt()
                                + " at_us=" + ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
                    }
                }
            };
        }
    }
}
