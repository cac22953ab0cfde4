package dev.holdfast.simulation.world;

import dev.holdfast.api.connector.SinkContext;
import dev.holdfast.api.connector.TransactionalSink;
import dev.holdfast.api.type.Type;
import dev.holdfast.simulation.fault.CrashPoint;
import dev.holdfast.simulation.workload.Row;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * A transactional sink as it is, with an auditor that looks at each call: I3, nothing is committed before the log has decided it. Crash
 * points are before and after each phase.
 */
final class WatchedSink<C> implements TransactionalSink<Row, C> {
    private final TransactionalSink<Row, C> sink;
    private final Watch watch;

    /** Looks at the calls of one process. */
    interface Watch extends UpsertSink.Watch {
        /** A committable was made, for the first time. */
        void prepared(Object committable, long attempt, long checkpointId);

        /** A committable is about to be committed. */
        void committing(Object committable);
    }

    WatchedSink(TransactionalSink<Row, C> sink, Watch watch) {
        this.sink = sink;
        this.watch = watch;
    }

    @Override
    public Type<C> committableType() {
        return sink.committableType();
    }

    @Override
    public Writer<Row, C> writer(SinkContext context) throws Exception {
        Writer<Row, C> writer = sink.writer(context);
        watch.begins(context.attempt());
        return new Writer<>() {
            @Override
            public void write(Row row) throws Exception {
                writer.write(row);
            }

            @Override
            public Callable<List<C>> prepare(long checkpointId) throws Exception {
                Callable<List<C>> call = writer.prepare(checkpointId);
                return () -> {
                    watch.reached(CrashPoint.BEFORE_PREPARE);
                    List<C> committables = call.call();
                    committables.forEach(each -> watch.prepared(each, context.attempt(), checkpointId));
                    watch.reached(CrashPoint.AFTER_PREPARE);
                    return committables;
                };
            }

            @Override
            public void close() throws Exception {
                writer.close();
            }
        };
    }

    @Override
    public Committer<C> committer(SinkContext context) throws Exception {
        Committer<C> committer = sink.committer(context);
        return new Committer<>() {
            @Override
            public void commit(List<C> committables) throws Exception {
                committables.forEach(watch::committing);
                committer.commit(committables);
                watch.reached(CrashPoint.HALF_COMMITTED);
            }

            @Override
            public void abort(List<C> committables) throws Exception {
                committer.abort(committables);
            }

            @Override
            public void recover() throws Exception {
                committer.recover();
            }

            @Override
            public void close() throws Exception {
                committer.close();
            }
        };
    }
}
