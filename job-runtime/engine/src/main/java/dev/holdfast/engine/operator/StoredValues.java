package dev.holdfast.engine.operator;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.UnrecoverableException;
import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.engine.type.Evolution;
import dev.holdfast.engine.type.Reader;
import dev.holdfast.engine.type.Schema;
import dev.holdfast.engine.type.TypeSerializer;
import java.util.ArrayList;
import java.util.List;

/** Lists of values with their schema in front, as checkpoints keep splits, committables and enumerator states. */
public final class StoredValues {
    private StoredValues() {}

    public static <T> byte[] write(List<T> values, TypeSerializer<T> serializer) {
        byte[] schema = serializer.schema().encode();
        DataWriter out = new DataWriter(schema.length + 64);
        out.writeVarInt(schema.length);
        out.writeBytes(schema);
        out.writeVarInt(values.size());
        values.forEach(value -> serializer.write(value, out));
        return out.toByteArray();
    }

    /**
     * Reads what {@link #write} wrote, by this or an older program.
     *
     * @param what names the values in errors
     * @throws HoldfastException HF-RUN-004 if the bytes are damaged, HF-TYP-… if the type has changed incompatibly
     */
    public static <T> List<T> read(String what, byte[] bytes, TypeSerializer<T> serializer) {
        try {
            DataReader in = new DataReader(bytes);
            Schema written = Schema.decode(in.readBytes(in.readLength()));
            Reader<T> reader = Evolution.reader(written, serializer);
            int count = in.readVarInt();
            if (count < 0) {
                throw new IllegalStateException("a count of " + count);
            }
            List<T> values = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                values.add(reader.read(in));
            }
            return values;
        } catch (IllegalStateException e) {
            throw new UnrecoverableException(
                    "HF-RUN-004", what + " in the checkpoint are damaged: " + e.getMessage(), e);
        }
    }
}
