package dev.holdfast.engine.type;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import java.util.List;

/**
 * Sealed types: the index of the case in the written schema (varint), then the value.
 *
 * @param classes class of each case
 * @param cases codec of each case
 */
record SealedCodec(List<Class<?>> classes, List<Codec<Object>> cases) implements Codec<Object> {

    @Override
    public void write(Object value, DataWriter out, int depth) {
        int index = index(value);
        out.writeVarInt(index);
        cases.get(index).write(value, out, depth);
    }

    @Override
    public Object read(DataReader in, int depth) {
        int index = in.readVarInt();
        if (index < 0 || index >= cases.size()) {
            throw new IllegalStateException("damaged value at byte " + in.position() + ": case "
                    + Integer.toUnsignedString(index) + " of a sealed type of " + cases.size());
        }
        return cases.get(index).read(in, depth);
    }

    @Override
    public int sizeBytes(Object value, int depth) {
        return cases.get(index(value)).sizeBytes(value, depth);
    }

    private int index(Object value) {
        // A constant with a body has a class of its own below the enum's.
        Class<?> javaClass = value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
        for (int i = 0; i < classes.size(); i++) {
            if (classes.get(i) == javaClass) {
                return i;
            }
        }
        for (int i = 0; i < classes.size(); i++) {
            if (classes.get(i).isInstance(value)) {
                return i;
            }
        }
        throw new ClassCastException(javaClass.getTypeName() + " is no case of the sealed type");
    }
}
