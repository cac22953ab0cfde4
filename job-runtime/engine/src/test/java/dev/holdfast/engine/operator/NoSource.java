package dev.holdfast.engine.operator;

import dev.holdfast.api.connector.EnumeratorContext;
import dev.holdfast.api.connector.ReaderContext;
import dev.holdfast.api.connector.Source;
import dev.holdfast.api.connector.SourceReader;
import dev.holdfast.api.connector.SplitEnumerator;
import dev.holdfast.api.type.Type;

/** A source for programs that are only planned. */
record NoSource<T>(Type<T> type) implements Source<T, Long, Long> {
    @Override
    public Type<Long> splitType() {
        return Type.of(Long.class);
    }

    @Override
    public Type<Long> enumeratorType() {
        return Type.of(Long.class);
    }

    @Override
    public SplitEnumerator<Long, Long> enumerator(EnumeratorContext<Long> context, Long restored) {
        throw new UnsupportedOperationException("this source is only planned");
    }

    @Override
    public SourceReader<T, Long> reader(ReaderContext context) {
        throw new UnsupportedOperationException("this source is only planned");
    }
}
