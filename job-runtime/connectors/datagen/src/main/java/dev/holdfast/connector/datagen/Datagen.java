package dev.holdfast.connector.datagen;

import dev.holdfast.api.connector.EnumeratorContext;
import dev.holdfast.api.connector.ReaderContext;
import dev.holdfast.api.connector.Source;
import dev.holdfast.api.connector.SourceReader;
import dev.holdfast.api.connector.SplitEnumerator;
import dev.holdfast.api.type.Type;
import org.jspecify.annotations.Nullable;

/**
 * Makes records: for tests, demonstrations and benchmarks. Record <i>i</i> depends on nothing but the seed and <i>i</i>,
 * and each index is made exactly once, whatever the parallelism and however often the job was restored.
 *
 * <p>Indices are dealt out in ranges, so at one moment tasks are at different places: with a rate, about half a second of
 * it apart; without one, up to {@value IndexEnumerator#MAX_RANGE} indices for each task.
 *
 * <p>Endless and at full speed unless told otherwise. Immutable: each option gives a new source.
 */
public final class Datagen<T> implements Source<T, IndexRange, IndexCursor> {
    /** Makes one record. */
    @FunctionalInterface
    public interface Generator<T> {

        /**
         * Makes the record of an index.
         *
         * @param index number of the record, from 0
         * @param random numbers that depend on seed and index alone; valid during the call only
         */
        T generate(long index, SeededRandom random) throws Exception;
    }

    /** So that the sum of positions and ranges never overflows. */
    private static final long MAX_COUNT = Long.MAX_VALUE / 2;

    private final Type<T> type;
    private final long seed;
    private final Generator<? extends T> generator;
    private final long count;
    private final double perSecond;

    private Datagen(Type<T> type, long seed, Generator<? extends T> generator, long count, double perSecond) {
        this.type = type;
        this.seed = seed;
        this.generator = generator;
        this.count = count;
        this.perSecond = perSecond;
    }

    /**
     * Records of a type.
     *
     * @param generator stateless: it is called for every index, in no order that can be relied on
     */
    public static <T> Datagen<T> of(Type<T> type, long seed, Generator<? extends T> generator) {
        return new Datagen<>(type, seed, generator, MAX_COUNT, Double.POSITIVE_INFINITY);
    }

    /**
     * Records of a type.
     *
     * @param generator stateless: it is called for every index, in no order that can be relied on
     */
    public static <T> Datagen<T> of(Class<T> type, long seed, Generator<? extends T> generator) {
        return of(Type.of(type), seed, generator);
    }

    /** Ends after the indices 0 to {@code newCount - 1}. */
    public Datagen<T> count(long newCount) {
        if (newCount < 0 || newCount > MAX_COUNT) {
            throw new IllegalArgumentException("count is " + newCount + ", expected 0 to " + MAX_COUNT);
        }
        return new Datagen<>(type, seed, generator, newCount, perSecond);
    }

    /**
     * Makes this many records a second, all tasks together and each an equal part. After a pause at most one second's
     * records are made up for.
     */
    public Datagen<T> perSecond(double newPerSecond) {
        if (!(newPerSecond > 0)) {
            throw new IllegalArgumentException("perSecond is " + newPerSecond + ", expected more than 0");
        }
        return new Datagen<>(type, seed, generator, count, newPerSecond);
    }

    @Override
    public Type<T> type() {
        return type;
    }

    @Override
    public Type<IndexRange> splitType() {
        return Type.of(IndexRange.class);
    }

    @Override
    public Type<IndexCursor> enumeratorType() {
        return Type.of(IndexCursor.class);
    }

    @Override
    public SplitEnumerator<IndexRange, IndexCursor> enumerator(
            EnumeratorContext<IndexRange> context, @Nullable IndexCursor restored) {
        return new IndexEnumerator(context, count, perSecond, restored);
    }

    @Override
    public SourceReader<T, IndexRange> reader(ReaderContext context) {
        return new IndexReader<>(seed, generator, new Pace(perSecond / context.parallelism()), context);
    }
}
