package dev.holdfast.launcher;

import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.Output;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.connector.AtLeastOnceSink;
import dev.holdfast.api.connector.EnumeratorContext;
import dev.holdfast.api.connector.ReaderContext;
import dev.holdfast.api.connector.Source;
import dev.holdfast.api.connector.SourceReader;
import dev.holdfast.api.connector.SplitEnumerator;
import dev.holdfast.api.state.ListState;
import dev.holdfast.api.state.MapState;
import dev.holdfast.api.state.States;
import dev.holdfast.api.state.ValueState;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.StoreException;
import dev.holdfast.storage.s3.ObjectStores;
import dev.holdfast.storage.s3.StoreSettings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The job with which the script {@code holdfast-cache} shows the JVM what processes load and run: it makes numbers without end, keeps a
 * state of each kind, and asks an S3 server that is not there.
 */
public final class WarmUp implements StreamProgram {
    private static final int KEYS = 50_000;

    /** The S3 server; port 1 of this machine has none. */
    private static final Map<String, String> NOBODY = Map.of(
            "storage", "s3://warm-up/jobs",
            "storage.endpoint", "http://127.0.0.1:1",
            "storage.access-key", "none",
            "storage.secret-key", "none",
            "storage.max-attempts", "1");

    @Override
    public void define(StreamGraph graph, Parameters parameters) {
        askNobody();
        AtLeastOnceSink<Long> nowhere = context -> record -> {};
        graph.source("numbers", new Numbers())
                .keyBy(Long.class, number -> number % KEYS)
                .process("keep", Long.class, Keep::new)
                .sink("nowhere", nowhere);
    }

    private static void askNobody() {
        try (ObjectStore store = ObjectStores.open(StoreSettings.parse(NOBODY))) {
            store.get("anything");
        } catch (StoreException expected) {
            // The way to this answer is what a start takes.
            return;
        }
    }

    private static final class Keep implements KeyedProcess<Long, Long, Long> {
        private final ValueState<Long> count;
        private final ListState<Long> newest;
        private final MapState<Long, String> texts;

        Keep(States states) {
            count = states.value("count", Long.class, 0L);
            newest = states.list("newest", Long.class);
            texts = states.map("texts", Long.class, String.class);
        }

        @Override
        public void process(Long number, Context<Long> context, Output<Long> out) {
            count.set(count.get() + 1);
            newest.set(List.of(number));
            texts.put(number % 3, "number " + number);
            out.emit(count.get());
        }
    }

    /** A split says with which number its reader begins. */
    private static final class Numbers implements Source<Long, Long, Long> {
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
            return new Enumerator(context);
        }

        @Override
        public SourceReader<Long, Long> reader(ReaderContext context) {
            return new Reader();
        }
    }

    private record Enumerator(EnumeratorContext<Long> context) implements SplitEnumerator<Long, Long> {
        @Override
        public void start() {}

        @Override
        public void splitRequested(int reader) {
            context.assign(reader, (long) reader);
        }

        @Override
        public void splitsReturned(List<Long> splits) {}

        @Override
        public Long snapshot(long checkpointId) {
            return checkpointId;
        }
    }

    private static final class Reader implements SourceReader<Long, Long> {
        private long next = -1;

        @Override
        public void addSplits(List<Long> splits) {
            next = splits.getLast();
        }

        @Override
        public void noMoreSplits() {}

        @Override
        public Status read(Output<Long> out, int max) {
            if (next < 0) {
                return Status.NOTHING_NOW;
            }
            for (int i = 0; i < max; i++) {
                out.emit(next);
                next += 7;
            }
            return Status.MORE;
        }

        @Override
        public List<Long> snapshot(long checkpointId) {
            return next < 0 ? List.of() : List.of(next);
        }

        @Override
        public String position() {
            return "number " + next;
        }
    }
}
