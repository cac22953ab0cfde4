package dev.holdfast.launcher;

import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.connector.AtLeastOnceSink;
import dev.holdfast.api.connector.EnumeratorContext;
import dev.holdfast.api.connector.ReaderContext;
import dev.holdfast.api.connector.Source;
import dev.holdfast.api.connector.SourceReader;
import dev.holdfast.api.connector.SplitEnumerator;
import dev.holdfast.api.type.Type;
import org.jspecify.annotations.Nullable;

/** A program that reads nothing. The script {@code holdfast-cache} starts a worker with it, to see what a start loads. */
public final class WarmUp implements StreamProgram {
    @Override
    public void define(StreamGraph graph, Parameters parameters) {
        AtLeastOnceSink<Long> nowhere = context -> record -> {};
        graph.source("nothing", new Nothing())
                .keyBy(Long.class, number -> number)
                .reduce("last", (before, number) -> number)
                .sink("nowhere", nowhere);
    }

    private static final class Nothing implements Source<Long, Long, Long> {
        @Override
        public Type<Long> type() {
            return Type.of(Long.class);
        }

        @Override
        public Type<Long> splitType() {
            return Type.of(Long.class);
        }

        @Override
        public Type<Long> enumeratorType() {
            return Type.of(Long.class);
        }

        @Override
        public SplitEnumerator<Long, Long> enumerator(EnumeratorContext<Long> context, @Nullable Long restored) {
            throw new IllegalStateException("a warm-up has no coordinator");
        }

        @Override
        public SourceReader<Long, Long> reader(ReaderContext context) {
            throw new IllegalStateException("a warm-up runs no tasks");
        }
    }
}
