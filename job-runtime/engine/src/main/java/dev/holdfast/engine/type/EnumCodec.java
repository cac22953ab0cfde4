package dev.holdfast.engine.type;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import java.util.List;

/**
 * Enums: the index in the written schema's constants (varint).
 *
 * @param constants by index
 */
record EnumCodec(List<Enum<?>> constants) implements Codec<Enum<?>> {

    @Override
    @SuppressWarnings("EnumOrdinal") // the schema lists the constants in the order of their ordinals
    public void write(Enum<?> value, DataWriter out, int depth) {
        out.writeVarInt(value.ordinal());
    }

    @Override
    public Enum<?> read(DataReader in, int depth) {
        int index = in.readVarInt();
        if (index < 0 || index >= constants.size()) {
            throw new IllegalStateException("damaged value at byte " + in.position() + ": constant "
                    + Integer.toUnsignedString(index) + " of an enum of " + constants.size());
        }
        return constants.get(index);
    }

    @Override
    public int sizeBytes(Enum<?> value, int depth) {
        return 0;
    }

    @Override
    public int fixedBytes() {
        return 0;
    }
}
