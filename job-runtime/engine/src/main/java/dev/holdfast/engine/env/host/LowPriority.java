package dev.holdfast.engine.env.host;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Takes a thread's place behind others that want a core, by {@code setpriority} of Linux, which counts for the calling thread alone
 * there. Without it a flush that wakes up takes the core of a task in the midst of a barrier, for a whole slice of the scheduler.
 * Java's own priorities do nothing unless the JVM runs with rights that it should not have. Elsewhere this does nothing.
 */
final class LowPriority {
    private static final System.Logger LOG = System.getLogger(LowPriority.class.getName());

    /** A third of the weight of a normal thread: work beside records goes on, however busy the cores are. */
    private static final int NICE = 5;

    private static final int OF_A_THREAD = 0;
    private static final int CALLING = 0;
    private static final @Nullable MethodHandle SET_PRIORITY = find();

    private LowPriority() {}

    /** Lowers the priority of the calling thread; for good, as raising it again takes rights. */
    static void take() {
        MethodHandle setPriority = SET_PRIORITY;
        if (setPriority == null) {
            return;
        }
        try {
            int result = (int) setPriority.invokeExact(OF_A_THREAD, CALLING, NICE);
            if (result != 0) {
                LOG.log(System.Logger.Level.DEBUG, "the priority of a thread cannot be lowered");
            }
        } catch (Throwable e) {
            throw new IllegalStateException("setpriority failed", e);
        }
    }

    @SuppressWarnings("restricted") // native access, which RocksDB needs too
    private static @Nullable MethodHandle find() {
        if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")) {
            return null;
        }
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("setpriority")
                .map(address -> linker.downcallHandle(
                        address,
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT)))
                .orElse(null);
    }
}
