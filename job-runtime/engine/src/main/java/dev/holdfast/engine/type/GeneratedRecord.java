package dev.holdfast.engine.type;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes the codec of a record as a class of its own, so that the JVM compiles one straight line for each record.
 *
 * <p>The class is hidden and lives in this package. It reaches the record through method handles in its class data, not by
 * name: so the record may be private or come from any class loader. The handles and the codecs of components are constants
 * to the JVM, which inlines them. Numbers and strings go to the writer directly, all else through its codec. For
 * {@code record Count(String word, long count)}:
 *
 * <pre>
 * void write(Object value, DataWriter out, int depth) {
 *     out.writeString((String) WORD.invokeExact(value));
 *     out.writeLong((long) COUNT.invokeExact(value));
 * }
 * Object read(DataReader in, int depth) {
 *     return (Object) NEW.invokeExact(in.readString(), in.readLong());
 * }
 * </pre>
 */
final class GeneratedRecord {
    /** A method handle takes at most 254 words of arguments, and the JVM does not compile methods above 8000 bytes. */
    static final int MAX_FIELDS = 100;

    private static final ClassDesc CODEC = desc(Codec.class);
    private static final ClassDesc WRITER = desc(DataWriter.class);
    private static final ClassDesc READER = desc(DataReader.class);
    private static final ClassDesc HANDLE = desc(MethodHandle.class);
    private static final ClassDesc OBJECT = ConstantDescs.CD_Object;
    private static final MethodTypeDesc WRITE =
            MethodTypeDesc.of(ConstantDescs.CD_void, OBJECT, WRITER, ConstantDescs.CD_int);
    private static final MethodTypeDesc READ = MethodTypeDesc.of(OBJECT, READER, ConstantDescs.CD_int);
    private static final MethodTypeDesc SIZE = MethodTypeDesc.of(ConstantDescs.CD_int, OBJECT, ConstantDescs.CD_int);
    private static final int VALUE = 1;
    private static final int OUT = 2;
    private static final int IN = 1;

    private final RecordLayout layout;
    private final MethodHandles.Lookup lookup = MethodHandles.lookup();
    private final List<Object> classData = new ArrayList<>();

    private GeneratedRecord(RecordLayout layout) {
        this.layout = layout;
    }

    /** The codec of a layout, generated unless the record is too large for that. */
    static Codec<Object> of(RecordLayout layout) {
        int size = Math.max(layout.fields().size(), layout.components().size());
        return size > MAX_FIELDS ? new ReflectiveRecord(layout) : new GeneratedRecord(layout).define();
    }

    /** Header and fields of the record itself, and the boxes' contents left out. */
    static int headerBytes(Shape.Record shape) {
        int size = 12;
        for (Shape.Component component : shape.components()) {
            size += component.declared() == long.class || component.declared() == double.class ? 8 : 4;
        }
        return (size + 7) & ~7;
    }

    private Codec<Object> define() {
        String name = "dev.holdfast.engine.type.Generated$"
                + layout.shape().javaClass().getSimpleName();
        byte[] bytes = ClassFile.of()
                .build(
                        ClassDesc.of(name),
                        builder -> builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC)
                                .withInterfaceSymbols(CODEC)
                                .withMethodBody(
                                        ConstantDescs.INIT_NAME,
                                        ConstantDescs.MTD_void,
                                        0,
                                        GeneratedRecord::constructor)
                                .withMethodBody("write", WRITE, ClassFile.ACC_PUBLIC, this::write)
                                .withMethodBody("read", READ, ClassFile.ACC_PUBLIC, this::read)
                                .withMethodBody("sizeBytes", SIZE, ClassFile.ACC_PUBLIC, this::sizeBytes));
        try {
            MethodHandles.Lookup hidden = lookup.defineHiddenClassWithClassData(bytes, List.copyOf(classData), true);
            return Codec.erased(
                    (Codec<?>) hidden.findConstructor(hidden.lookupClass(), MethodType.methodType(void.class))
                            .invoke());
        } catch (Throwable e) {
            throw new IllegalStateException(
                    "no codec can be generated for " + layout.shape().javaClass(), e);
        }
    }

    private static void constructor(CodeBuilder code) {
        code.aload(0)
                .invokespecial(OBJECT, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                .return_();
    }

    private void write(CodeBuilder code) {
        List<Shape.Component> components = layout.shape().components();
        if (components.isEmpty()) {
            requireClass(code);
            code.aload(OUT).iconst_0().invokevirtual(WRITER, "writeByte", voidOf(ConstantDescs.CD_int));
        }
        for (int i = 0; i < components.size(); i++) {
            Direct direct =
                    direct(components.get(i).shape(), layout.components().get(i));
            if (direct != null) {
                code.aload(OUT);
                access(code, i, direct.writeType);
                code.invokevirtual(WRITER, "write" + direct.suffix, voidOf(desc(direct.writeType)));
            } else {
                constant(code, layout.components().get(i), CODEC);
                access(code, i, Object.class);
                code.aload(OUT).iload(3).invokeinterface(CODEC, "write", WRITE);
            }
        }
        code.return_();
    }

    private void requireClass(CodeBuilder code) {
        MethodHandle cast = MethodHandles.identity(Object.class)
                .asType(MethodType.methodType(layout.shape().javaClass(), Object.class))
                .asType(MethodType.methodType(Object.class, Object.class));
        constant(code, cast, HANDLE);
        code.aload(VALUE)
                .invokevirtual(HANDLE, "invokeExact", MethodTypeDesc.of(OBJECT, OBJECT))
                .invokestatic(desc(Objects.class), "requireNonNull", MethodTypeDesc.of(OBJECT, OBJECT))
                .pop();
    }

    /** Pushes component i of the value. */
    private void access(CodeBuilder code, int i, Class<?> type) {
        MethodHandle accessor;
        try {
            accessor = lookup.unreflect(layout.shape().components().get(i).accessor());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
        Class<?> declared = accessor.type().returnType();
        if (type.isPrimitive() && !declared.isPrimitive()) {
            // From the box to its primitive, then to the wider one that the writer takes.
            Class<?> unboxed = MethodType.methodType(declared).unwrap().returnType();
            accessor = accessor.asType(accessor.type().changeReturnType(unboxed));
        }
        constant(code, accessor.asType(MethodType.methodType(type, Object.class)), HANDLE);
        code.aload(VALUE).invokevirtual(HANDLE, "invokeExact", MethodTypeDesc.of(desc(type), OBJECT));
    }

    private void read(CodeBuilder code) {
        List<RecordLayout.Field> fields = layout.fields();
        if (fields.isEmpty()) {
            code.aload(IN)
                    .invokevirtual(READER, "readByte", MethodTypeDesc.of(ConstantDescs.CD_byte))
                    .pop();
        }
        List<Class<?>> taken = new ArrayList<>();
        for (RecordLayout.Field field : fields) {
            if (field.component() != RecordLayout.SKIPPED) {
                Direct direct = direct(
                        layout.shape().components().get(field.component()).shape(), field.codec());
                taken.add(direct == null ? Object.class : direct.readType);
            }
        }
        constant(code, constructorHandle(taken), HANDLE);
        for (RecordLayout.Field field : fields) {
            Direct direct = field.component() == RecordLayout.SKIPPED
                    ? null
                    : direct(layout.shape().components().get(field.component()).shape(), field.codec());
            if (direct != null) {
                code.aload(IN)
                        .invokevirtual(READER, "read" + direct.suffix, MethodTypeDesc.of(desc(direct.readMethodType)));
                if (direct == Direct.CHAR) {
                    code.i2c();
                }
            } else {
                constant(code, field.codec(), CODEC);
                code.aload(IN).iload(2).invokeinterface(CODEC, "read", READ);
                if (field.component() == RecordLayout.SKIPPED) {
                    code.pop();
                }
            }
        }
        code.invokevirtual(
                HANDLE,
                "invokeExact",
                MethodTypeDesc.of(
                        OBJECT, taken.stream().map(GeneratedRecord::desc).toArray(ClassDesc[]::new)));
        code.areturn();
    }

    /** The constructor as a handle that takes the written fields in their order, the defaults of the others bound. */
    private MethodHandle constructorHandle(List<Class<?>> taken) {
        MethodHandle constructor;
        try {
            constructor = lookup.unreflectConstructor(layout.shape().constructor());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
        List<Integer> order = layout.fields().stream()
                .map(RecordLayout.Field::component)
                .filter(component -> component != RecordLayout.SKIPPED)
                .toList();
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < layout.shape().components().size(); i++) {
            left.add(i);
        }
        for (int i = layout.shape().components().size() - 1; i >= 0; i--) {
            if (!order.contains(i)) {
                constructor = MethodHandles.insertArguments(constructor, i, layout.defaultValue(i));
                left.remove(/* index */ i);
            }
        }
        // Parameter p of the handle is component left[p], which comes at place order.indexOf(component).
        Class<?>[] byOrder = new Class<?>[order.size()];
        int[] reordered = new int[order.size()];
        for (int p = 0; p < reordered.length; p++) {
            reordered[p] = order.indexOf(left.get(p));
            byOrder[reordered[p]] = constructor.type().parameterType(p);
        }
        return MethodHandles.permuteArguments(
                        constructor, MethodType.methodType(constructor.type().returnType(), byOrder), reordered)
                .asType(MethodType.methodType(Object.class, taken));
    }

    private void sizeBytes(CodeBuilder code) {
        int fixed = headerBytes(layout.shape());
        List<Integer> varying = new ArrayList<>();
        for (int i = 0; i < layout.components().size(); i++) {
            int size = layout.components().get(i).fixedBytes();
            boolean inRecord = layout.shape().components().get(i).declared().isPrimitive();
            if (size < 0 && !inRecord) {
                varying.add(i);
            } else if (!inRecord) {
                fixed += size;
            }
        }
        code.loadConstant(fixed);
        for (int i : varying) {
            constant(code, layout.components().get(i), CODEC);
            access(code, i, Object.class);
            code.iload(2).invokeinterface(CODEC, "sizeBytes", SIZE).iadd();
        }
        code.ireturn();
    }

    private void constant(CodeBuilder code, Object value, ClassDesc type) {
        int index = classData.size();
        classData.add(value);
        code.ldc(DynamicConstantDesc.ofNamed(ConstantDescs.BSM_CLASS_DATA_AT, ConstantDescs.DEFAULT_NAME, type, index));
    }

    private static MethodTypeDesc voidOf(ClassDesc parameter) {
        return MethodTypeDesc.of(ConstantDescs.CD_void, parameter);
    }

    private static ClassDesc desc(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }

    /** Kinds that go to the writer without a codec between. */
    private enum Direct {
        BOOL(Schema.Primitive.BOOL, "Boolean", boolean.class, boolean.class, boolean.class),
        I8(Schema.Primitive.I8, "Byte", int.class, byte.class, byte.class),
        I16(Schema.Primitive.I16, "Short", int.class, short.class, short.class),
        I32(Schema.Primitive.I32, "Int", int.class, int.class, int.class),
        I64(Schema.Primitive.I64, "Long", long.class, long.class, long.class),
        F32(Schema.Primitive.F32, "Float", float.class, float.class, float.class),
        F64(Schema.Primitive.F64, "Double", double.class, double.class, double.class),
        CHAR(Schema.Primitive.CHAR, "Short", int.class, short.class, char.class),
        STRING(Schema.Primitive.STRING, "String", String.class, String.class, String.class);

        private final Schema.Primitive kind;
        private final String suffix;
        private final Class<?> writeType;
        private final Class<?> readMethodType;
        private final Class<?> readType;

        Direct(Schema.Primitive kind, String suffix, Class<?> writeType, Class<?> readMethodType, Class<?> readType) {
            this.kind = kind;
            this.suffix = suffix;
            this.writeType = writeType;
            this.readMethodType = readMethodType;
            this.readType = readType;
        }
    }

    private static @Nullable Direct direct(Shape shape, Codec<Object> codec) {
        if (shape instanceof Shape.Leaf(LeafCodec<?> leaf) && codec.equals(leaf)) {
            for (Direct direct : Direct.values()) {
                if (direct.kind == leaf.schema()) {
                    return direct;
                }
            }
        }
        return null;
    }
}
