package dev.holdfast.engine.type;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;

/** Serializers of the commonest types of keys and counts, without a codec between. */
final class DirectSerializers {
    static final Derived<String> STRING = new OfString();
    static final Derived<Long> LONG = new OfLong();
    static final Derived<Integer> INTEGER = new OfInteger();

    private DirectSerializers() {}

    /** One of these. */
    abstract static sealed class Direct<T> implements Derived<T> {
        private final Shape shape;
        private final Schema schema;
        private final String path;
        private final Codecs codecs = new Codecs(GeneratedRecord::of);

        private Direct(LeafCodec<T> leaf) {
            this.shape = new Shape.Leaf(leaf);
            this.schema = leaf.schema();
            this.path = leaf.javaClass().getSimpleName();
            codecs.of(shape);
        }

        @Override
        public final Shape shape() {
            return shape;
        }

        @Override
        public final Schema schema() {
            return schema;
        }

        @Override
        public final String path() {
            return path;
        }

        @Override
        public final Codecs codecs() {
            return codecs;
        }
    }

    private static final class OfString extends Direct<String> {
        private OfString() {
            super(Leaves.STRING);
        }

        @Override
        public void write(String value, DataWriter out) {
            int start = out.size();
            try {
                out.writeString(value);
            } catch (NullPointerException | IllegalArgumentException e) {
                throw DerivedSerializer.explained(shape(), path(), value, e, out, start);
            }
        }

        @Override
        public String read(DataReader in) {
            return in.readString();
        }

        @Override
        public int sizeBytes(String value) {
            return Leaves.STRING.sizeBytes(value, 0);
        }
    }

    private static final class OfLong extends Direct<Long> {
        private OfLong() {
            super(Leaves.I64);
        }

        @Override
        public void write(Long value, DataWriter out) {
            try {
                out.writeLong(value);
            } catch (NullPointerException e) {
                throw DerivedSerializer.explained(shape(), path(), value, e, out, out.size());
            }
        }

        @Override
        public Long read(DataReader in) {
            return in.readLong();
        }

        @Override
        public int sizeBytes(Long value) {
            return Leaves.I64.fixedBytes();
        }
    }

    private static final class OfInteger extends Direct<Integer> {
        private OfInteger() {
            super(Leaves.I32);
        }

        @Override
        public void write(Integer value, DataWriter out) {
            try {
                out.writeInt(value);
            } catch (NullPointerException e) {
                throw DerivedSerializer.explained(shape(), path(), value, e, out, out.size());
            }
        }

        @Override
        public Integer read(DataReader in) {
            return in.readInt();
        }

        @Override
        public int sizeBytes(Integer value) {
            return Leaves.I32.fixedBytes();
        }
    }
}
