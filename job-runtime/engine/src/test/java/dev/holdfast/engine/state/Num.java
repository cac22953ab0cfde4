package dev.holdfast.engine.state;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import dev.holdfast.api.type.Serializer;
import dev.holdfast.api.type.Type;

/** A value whose format has two versions, and whose encoding is a point where a schedule may act. */
record Num(long number) {

    /** Version 1 writes four bytes, version 2 eight. */
    static Type<Num> type(int version, Runnable onWrite) {
        return Type.custom(Num.class, "num", new Format(version, onWrite));
    }

    private record Format(int version, Runnable onWrite) implements Serializer<Num> {
        @Override
        public void write(Num value, DataWriter out) {
            onWrite.run();
            if (version == 1) {
                out.writeInt(Math.toIntExact(value.number()));
            } else {
                out.writeLong(value.number());
            }
        }

        @Override
        public Num read(DataReader in, int written) {
            return new Num(written == 1 ? in.readInt() : in.readLong());
        }

        @Override
        public int sizeBytes(Num value) {
            return 24;
        }
    }
}
