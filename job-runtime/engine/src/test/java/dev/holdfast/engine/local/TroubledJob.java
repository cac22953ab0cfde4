package dev.holdfast.engine.local;

import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.OperatorContext;
import dev.holdfast.api.Output;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.connector.EnumeratorContext;
import dev.holdfast.api.connector.ReaderContext;
import dev.holdfast.api.connector.SinkContext;
import dev.holdfast.api.connector.Source;
import dev.holdfast.api.connector.SourceReader;
import dev.holdfast.api.connector.SplitEnumerator;
import dev.holdfast.api.connector.TransactionalSink;
import dev.holdfast.api.state.States;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.local.CountJob.Count;
import java.util.List;
import java.util.concurrent.Callable;

/** {@link SlowCount} whose user code throws where a {@link Trouble} says so; in records, at number 1000. */
record TroubledJob(LedgerSink.Ledger<Count> ledger, long records, Trouble trouble) implements StreamProgram {
    private static final long AT = 1_000;

    @Override
    public void define(StreamGraph graph, Parameters parameters) {
        trouble.at("define");
        graph.source(
                        "numbers",
                        new TroubledSource(
                                new NumberSource<>(Type.of(Long.class), records, 100, n -> n, 1_000_000), trouble))
                .map(Long.class, n -> {
                    if (n == AT) {
                        trouble.at("map");
                    }
                    return n;
                })
                .flatMap(Long.class, (Long n, Output<Long> out) -> {
                    if (n == AT) {
                        trouble.at("flatMap");
                    }
                    out.emit(n);
                })
                .filter(n -> {
                    if (n == AT) {
                        trouble.at("filter");
                    }
                    return true;
                })
                .keyBy(Long.class, n -> {
                    if (n == AT) {
                        trouble.at("key");
                        if (trouble.comes("null key")) {
                            return null;
                        }
                    }
                    return n % CountJob.KEYS;
                })
                .process("count", Count.class, states -> new Counting(states, trouble))
                .sink("counts", new TroubledSink(new LedgerSink<>(ledger), trouble));
    }

    private static final class Counting implements KeyedProcess<Long, Long, Count> {
        private final CountJob.Counting counting;
        private final Trouble trouble;

        Counting(States states, Trouble trouble) {
            this.counting = new CountJob.Counting(states);
            this.trouble = trouble;
        }

        @Override
        public void open(OperatorContext context) {
            trouble.at("open");
        }

        @Override
        public void process(Long value, Context<Long> context, Output<Count> out) {
            if (value == AT) {
                trouble.at("process");
                if (trouble.comes("error")) {
                    throw new AssertionError("planned in error");
                }
                if (trouble.comes("null")) {
                    out.emit(null);
                }
            }
            counting.process(value, context, out);
        }

        @Override
        public void beforeCheckpoint(long checkpointId) {
            trouble.at("beforeCheckpoint");
        }

        @Override
        public void checkpointCompleted(long checkpointId) {
            trouble.at("checkpointCompleted");
        }

        @Override
        public void finish() {
            trouble.at("finish");
        }

        @Override
        public void close() {
            trouble.at("close");
        }
    }

    private record TroubledSource(NumberSource<Long> source, Trouble trouble)
            implements Source<Long, NumberSource.Range, NumberSource.Remaining> {
        @Override
        public Type<Long> type() {
            return source.type();
        }

        @Override
        public Type<NumberSource.Range> splitType() {
            return source.splitType();
        }

        @Override
        public Type<NumberSource.Remaining> enumeratorType() {
            return source.enumeratorType();
        }

        @Override
        public SplitEnumerator<NumberSource.Range, NumberSource.Remaining> enumerator(
                EnumeratorContext<NumberSource.Range> context, NumberSource.Remaining restored) {
            trouble.at("enumerator");
            var made = source.enumerator(context, restored);
            return new SplitEnumerator<>() {
                private int requests;

                @Override
                public void start() throws Exception {
                    trouble.at("enumerator start");
                    if (trouble.comes("enumerator error")) {
                        throw new NoClassDefFoundError("planned in enumerator error");
                    }
                    if (trouble.comes("enumerator background")) {
                        context.background()
                                .run(
                                        "list the shelf",
                                        () -> {
                                            throw trouble.error("enumerator background");
                                        },
                                        result -> {});
                    }
                    made.start();
                }

                @Override
                public void splitRequested(int reader) throws Exception {
                    if (++requests == 5) {
                        trouble.at("splitRequested");
                    }
                    made.splitRequested(reader);
                }

                @Override
                public void splitsReturned(List<NumberSource.Range> splits) throws Exception {
                    made.splitsReturned(splits);
                }

                @Override
                public NumberSource.Remaining snapshot(long checkpointId) throws Exception {
                    trouble.at("enumerator snapshot");
                    return made.snapshot(checkpointId);
                }
            };
        }

        @Override
        public SourceReader<Long, NumberSource.Range> reader(ReaderContext context) {
            trouble.at("reader");
            var made = source.reader(context);
            if (trouble.comes("reader background")) {
                context.background()
                        .run(
                                "open the drawer",
                                () -> {
                                    throw trouble.error("reader background");
                                },
                                result -> {});
            }
            if (trouble.comes("reader background result")) {
                context.background().run("open the drawer", () -> 1, result -> {
                    throw trouble.error("reader background result");
                });
            }
            return new SourceReader<>() {
                private int reads;

                @Override
                public void addSplits(List<NumberSource.Range> splits) throws Exception {
                    trouble.at("addSplits");
                    made.addSplits(splits);
                }

                @Override
                public void noMoreSplits() throws Exception {
                    made.noMoreSplits();
                }

                @Override
                public Status read(Output<Long> out, int max) throws Exception {
                    if (++reads == 100) {
                        trouble.at("read");
                    }
                    return made.read(out, max);
                }

                @Override
                public List<NumberSource.Range> snapshot(long checkpointId) throws Exception {
                    trouble.at("reader snapshot");
                    return made.snapshot(checkpointId);
                }

                @Override
                public String position() {
                    return made.position();
                }

                @Override
                public void close() {
                    trouble.at("reader close");
                }
            };
        }
    }

    private record TroubledSink(LedgerSink<Count> sink, Trouble trouble)
            implements TransactionalSink<Count, LedgerSink.Transaction> {
        @Override
        public Type<LedgerSink.Transaction> committableType() {
            return sink.committableType();
        }

        @Override
        public Writer<Count, LedgerSink.Transaction> writer(SinkContext context) {
            trouble.at("writer");
            var made = sink.writer(context);
            return new Writer<>() {
                private int writes;

                @Override
                public void write(Count record) throws Exception {
                    if (++writes == 300) {
                        trouble.at("write");
                    }
                    made.write(record);
                }

                @Override
                public Callable<List<LedgerSink.Transaction>> prepare(long checkpointId) throws Exception {
                    trouble.at("prepare");
                    Callable<List<LedgerSink.Transaction>> call = made.prepare(checkpointId);
                    return () -> {
                        trouble.at("prepare call");
                        return call.call();
                    };
                }

                @Override
                public void close() {
                    trouble.at("writer close");
                }
            };
        }

        @Override
        public Committer<LedgerSink.Transaction> committer(SinkContext context) {
            trouble.at("committer");
            var made = sink.committer(context);
            return new Committer<>() {
                @Override
                public void commit(List<LedgerSink.Transaction> committables) throws Exception {
                    trouble.at("commit");
                    made.commit(committables);
                    trouble.at("commit answer");
                }

                @Override
                public void abort(List<LedgerSink.Transaction> committables) throws Exception {
                    made.abort(committables);
                }

                @Override
                public void recover() throws Exception {
                    trouble.at("recover");
                    made.recover();
                }
            };
        }
    }
}
