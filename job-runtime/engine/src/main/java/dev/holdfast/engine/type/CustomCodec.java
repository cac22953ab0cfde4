package dev.holdfast.engine.type;

import dev.holdfast.api.UnrecoverableException;
import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.api.type.Serializer;

/**
 * Formats of the user's own: length (varint), then what the serializer wrote. By the length a component can be skipped
 * whose serializer is gone, and a serializer that reads other than it wrote is noticed.
 *
 * @param version that wrote the values to be read
 */
record CustomCodec(Class<?> javaClass, String name, Serializer<Object> serializer, int version)
        implements Codec<Object> {
    private static final int MAX_ONE_BYTE_LENGTH = 0x7F;

    @Override
    public void write(Object value, DataWriter out, int depth) {
        if (!javaClass.isInstance(value)) {
            if (value == null) {
                throw new NullPointerException("value of custom format " + name);
            }
            throw new ClassCastException(value.getClass().getTypeName());
        }
        int start = out.size();
        out.writeByte(0);
        try {
            serializer.write(value, out);
        } catch (RuntimeException e) {
            throw new UnrecoverableException(
                    "HF-TYP-006",
                    "the serializer of custom format " + name + " failed to write a " + javaClass.getTypeName() + ": "
                            + e + ". Correct " + serializer.getClass().getTypeName() + ".",
                    e);
        }
        int length = out.size() - start - 1;
        if (length < 0) {
            throw new UnrecoverableException(
                    "HF-TYP-006",
                    "the serializer of custom format " + name + " went back before the bytes of its own value. Correct "
                            + serializer.getClass().getTypeName() + ".");
        }
        if (length <= MAX_ONE_BYTE_LENGTH) {
            out.array()[start] = (byte) length;
        } else {
            shift(out, start, length);
        }
    }

    /** Makes room for a length that takes more than the one byte kept for it. */
    private static void shift(DataWriter out, int start, int length) {
        int end = out.size();
        out.writeVarInt(length);
        int lengthBytes = out.size() - end;
        out.truncate(end);
        for (int i = 1; i < lengthBytes; i++) {
            out.writeByte(0);
        }
        byte[] array = out.array();
        System.arraycopy(array, start + 1, array, start + lengthBytes, length);
        int rest = length;
        for (int i = 0; i < lengthBytes; i++, rest >>>= 7) {
            array[start + i] = (byte) (i == lengthBytes - 1 ? rest : rest | 0x80);
        }
    }

    @Override
    public Object read(DataReader in, int depth) {
        int length = in.readLength();
        DataReader own = new DataReader(in.array(), in.position(), length);
        in.skip(length);
        Object value;
        try {
            value = serializer.read(own, version);
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "damaged value before byte " + in.position() + ": the serializer of custom format " + name + ", "
                            + serializer.getClass().getTypeName() + ", cannot read " + length + " bytes: " + e,
                    e);
        }
        if (own.remaining() > 0 || !javaClass.isInstance(value)) {
            throw new IllegalStateException("damaged value before byte " + in.position()
                    + ": the serializer of custom format " + name + ", "
                    + serializer.getClass().getTypeName()
                    + ", made a " + (value == null ? null : value.getClass().getTypeName()) + " of "
                    + (length - own.remaining()) + " of " + length + " bytes");
        }
        return value;
    }

    @Override
    public int sizeBytes(Object value, int depth) {
        return serializer.sizeBytes(value);
    }
}
