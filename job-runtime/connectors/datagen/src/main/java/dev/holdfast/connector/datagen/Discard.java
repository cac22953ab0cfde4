package dev.holdfast.connector.datagen;

import dev.holdfast.api.Metrics;
import dev.holdfast.api.connector.AtLeastOnceSink;
import dev.holdfast.api.connector.SinkContext;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A sink that drops every record and counts them in the metric {@code records_discarded}; for benchmarks and trials. The
 * compiler cannot tell that the record is not used, so all of the work that made it is really done.
 */
public final class Discard implements AtLeastOnceSink<Object> {

    private Discard() {}

    public static Discard sink() {
        return new Discard();
    }

    @Override
    public Writer<Object> writer(SinkContext context) {
        return new Drop(context.metrics().counter("records_discarded"));
    }

    private static final class Drop implements Writer<Object> {
        private static final VarHandle LAST = last();

        private final Metrics.Counter count;

        @SuppressWarnings("unused") // written through LAST
        private @Nullable Object last;

        Drop(Metrics.Counter count) {
            this.count = count;
        }

        private static VarHandle last() {
            try {
                return MethodHandles.lookup().findVarHandle(Drop.class, "last", Object.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        @Override
        public void write(Object record) {
            // An opaque store is never left out or merged with the next one, and costs no fence.
            LAST.setOpaque(this, record);
            count.increment();
        }
    }
}
