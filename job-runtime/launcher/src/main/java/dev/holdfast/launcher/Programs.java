package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.StreamProgram;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.function.Supplier;

/** Makes program objects of a class on the class path. */
final class Programs {
    private Programs() {}

    /**
     * Finds the class.
     *
     * @return a fresh program at each call, callable from any thread
     * @throws HoldfastException HF-PRG-001 to HF-PRG-003 if it is no program
     */
    static Supplier<StreamProgram> of(String className, ClassLoader loader) {
        Class<?> found = find(className, loader);
        if (!StreamProgram.class.isAssignableFrom(found)) {
            throw new HoldfastException(
                    "HF-PRG-002",
                    "class " + className + " is no program: it does not implement " + StreamProgram.class.getName()
                            + ". Name the class whose method define describes the job");
        }
        Constructor<?> constructor = constructor(found);
        return () -> new Described(className, create(className, constructor));
    }

    private static Class<?> find(String className, ClassLoader loader) {
        try {
            return Class.forName(className, false, loader);
        } catch (ClassNotFoundException e) {
            throw new HoldfastException(
                    "HF-PRG-001",
                    "class " + className + " is not on the class path. Check the name (with its package, and '$' before"
                            + " the name of a nested class), and give the program's jar with -cp",
                    e);
        } catch (LinkageError e) {
            throw new HoldfastException(
                    "HF-PRG-001",
                    "class " + className + " cannot be loaded: " + e
                            + ". Check that all libraries of the program are on the class path, and that it was compiled"
                            + " for Java " + Runtime.version().feature() + " or older",
                    e);
        }
    }

    private static Constructor<?> constructor(Class<?> found) {
        if (found.isInterface()
                || Modifier.isAbstract(found.getModifiers())
                || !Modifier.isPublic(found.getModifiers())) {
            throw unusable(found, "is not a public class that can be created", null);
        }
        try {
            return found.getConstructor();
        } catch (NoSuchMethodException e) {
            boolean inner = found.getEnclosingClass() != null && !Modifier.isStatic(found.getModifiers());
            throw unusable(
                    found,
                    inner
                            ? "is an inner class; make it static"
                            : "has no public constructor without parameters; what it needs comes as parameters of define",
                    e);
        } catch (LinkageError e) {
            throw unusable(found, "refers to something that is not on the class path: " + e, e);
        }
    }

    private static HoldfastException unusable(
            Class<?> found, String why, @org.jspecify.annotations.Nullable Throwable e) {
        return new HoldfastException("HF-PRG-003", "program " + found.getName() + " " + why, e);
    }

    private static StreamProgram create(String className, Constructor<?> constructor) {
        try {
            return (StreamProgram) constructor.newInstance();
        } catch (InvocationTargetException e) {
            throw new HoldfastException(
                    "HF-PRG-004",
                    "the constructor of program " + className + " threw " + e.getCause()
                            + ". See its stack with --debug",
                    e.getCause());
        } catch (ReflectiveOperationException e) {
            throw unusable(constructor.getDeclaringClass(), "cannot be created: " + e, e);
        } catch (LinkageError e) {
            throw unusable(constructor.getDeclaringClass(), "cannot be created: " + e, e);
        }
    }

    /** A program whose errors tell that they are its own. */
    private record Described(String className, StreamProgram program) implements StreamProgram {
        @Override
        public void define(StreamGraph graph, Parameters parameters) {
            try {
                program.define(graph, parameters);
            } catch (HoldfastException e) {
                throw e;
            } catch (RuntimeException | LinkageError e) {
                throw new HoldfastException(
                        "HF-PRG-005",
                        "program " + className + " threw " + e + where(e) + " while it described the job. See the stack"
                                + " with --debug",
                        e);
            }
        }

        private static String where(Throwable e) {
            StackTraceElement[] stack = e.getStackTrace();
            return stack.length == 0 ? "" : " at " + stack[0];
        }
    }
}
