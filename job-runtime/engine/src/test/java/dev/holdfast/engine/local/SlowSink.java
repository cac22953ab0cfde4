package dev.holdfast.engine.local;

import dev.holdfast.api.connector.SinkContext;
import dev.holdfast.api.connector.TransactionalSink;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.env.Env;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;

/**
 * A {@link LedgerSink} whose prepare takes virtual time, and that insists on one call at a time.
 *
 * @param pauseMs how long the next prepare takes
 */
record SlowSink<T>(LedgerSink<T> sink, Env env, LongSupplier pauseMs)
        implements TransactionalSink<T, LedgerSink.Transaction> {
    @Override
    public Type<LedgerSink.Transaction> committableType() {
        return sink.committableType();
    }

    @Override
    public Writer<T, LedgerSink.Transaction> writer(SinkContext context) {
        var made = sink.writer(context);
        return new Writer<>() {
            private boolean preparing;

            @Override
            public void write(T record) throws Exception {
                made.write(record);
            }

            @Override
            public Callable<List<LedgerSink.Transaction>> prepare(long checkpointId) throws Exception {
                Callable<List<LedgerSink.Transaction>> call = made.prepare(checkpointId);
                return () -> {
                    if (preparing) {
                        throw new IllegalStateException("two calls of prepare at once");
                    }
                    preparing = true;
                    env.blocking().pause(pauseMs.getAsLong());
                    preparing = false;
                    return call.call();
                };
            }
        };
    }

    @Override
    public Committer<LedgerSink.Transaction> committer(SinkContext context) {
        return sink.committer(context);
    }
}
