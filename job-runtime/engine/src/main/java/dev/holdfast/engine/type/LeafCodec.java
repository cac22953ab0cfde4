package dev.holdfast.engine.type;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * A kind without parts.
 *
 * @param fixedBytes heap bytes of any value, or -1 if {@code size} tells
 * @param parser reads the text of a {@link dev.holdfast.api.type.Default}
 */
record LeafCodec<T>(
        Schema.Primitive schema,
        Class<T> javaClass,
        int fixedBytes,
        ToIntFunction<T> size,
        BiConsumer<T, DataWriter> writer,
        Reader<T> reader,
        Function<String, T> parser)
        implements Codec<T> {

    @Override
    public void write(T value, DataWriter out, int depth) {
        writer.accept(value, out);
    }

    @Override
    public T read(DataReader in, int depth) {
        return reader.read(in);
    }

    @Override
    public int sizeBytes(T value, int depth) {
        return fixedBytes >= 0 ? fixedBytes : size.applyAsInt(value);
    }
}
