package dev.holdfast.simulation.world;

import dev.holdfast.api.connector.IdempotentSink;
import dev.holdfast.api.connector.SinkContext;
import dev.holdfast.simulation.fault.CrashPoint;
import dev.holdfast.simulation.workload.Row;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A table with a row for each identity; rows are written at the barrier. */
final class UpsertSink implements IdempotentSink<Row, String> {
    private final TreeMap<String, Row> table;
    private final LedgerClient client;
    private final Watch watch;

    /** Hears of what this process does. */
    interface Watch {
        /** A writer is made. */
        void begins(long attempt);

        void reached(CrashPoint point);
    }

    UpsertSink(TreeMap<String, Row> table, LedgerClient client, Watch watch) {
        this.table = table;
        this.client = client;
        this.watch = watch;
    }

    @Override
    public String key(Row row) {
        return row.identity();
    }

    @Override
    public Writer<Row, String> writer(SinkContext context) {
        watch.begins(context.attempt());
        return new Writer<>() {
            private final Map<String, Row> waiting = new LinkedHashMap<>();

            @Override
            public void upsert(String key, Row row) {
                waiting.put(key, row);
            }

            @Override
            public void flush() {
                watch.reached(CrashPoint.BEFORE_PREPARE);
                if (!waiting.isEmpty()) {
                    client.call("upsert of " + waiting.size(), () -> table.putAll(Map.copyOf(waiting)));
                    waiting.clear();
                }
                watch.reached(CrashPoint.AFTER_PREPARE);
            }
        };
    }
}
