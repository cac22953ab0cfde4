package dev.holdfast.launcher;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.NotificationEmitter;
import javax.management.ObjectName;

/**
 * Says what fills the heap before it is full. The JVM ends at the first OutOfMemoryError, when no code runs any more that could say
 * why. So this asks the JVM to tell when a collection leaves the heap nearly full, and logs the classes that take most of it, once.
 */
final class HeapWatch {
    private static final System.Logger LOG = System.getLogger(HeapWatch.class.getName());

    /** A healthy heap is below that after a collection; an ending one is above it for some collections. */
    private static final double NEARLY_FULL = 0.85;

    /** Enough to see whose objects they are. */
    private static final int CLASSES = 12;

    /** Lines of the histogram above the first class. */
    private static final int HEAD_LINES = 3;

    private final AtomicBoolean said = new AtomicBoolean();

    private HeapWatch() {}

    /** Watches from now on. */
    static void start() {
        HeapWatch watch = new HeapWatch();
        List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.isCollectionUsageThresholdSupported())
                .toList();
        // The last pool is where objects grow old; the threshold of the others says nothing.
        if (pools.isEmpty() || !(ManagementFactory.getMemoryMXBean() instanceof NotificationEmitter emitter)) {
            return;
        }
        MemoryPoolMXBean old = pools.getLast();
        long most = Math.max(old.getUsage().getMax(), Runtime.getRuntime().maxMemory() / 2);
        old.setCollectionUsageThreshold(
                (long) (Math.min(most, Runtime.getRuntime().maxMemory()) * NEARLY_FULL));
        emitter.addNotificationListener(
                (notification, handback) -> {
                    if (MemoryNotificationInfo.MEMORY_COLLECTION_THRESHOLD_EXCEEDED.equals(notification.getType())) {
                        watch.nearlyFull();
                    }
                },
                null,
                null);
    }

    private void nearlyFull() {
        if (said.getAndSet(true)) {
            return;
        }
        try {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "HF-RUN-020: the heap of " + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MB is nearly full after a collection. Most of it:\n" + histogram());
        } catch (JMException e) {
            LOG.log(System.Logger.Level.ERROR, "HF-RUN-020: the heap is nearly full; its classes are not known", e);
        }
    }

    private static String histogram() throws JMException {
        Object text = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        return String.valueOf(text).lines().limit(HEAD_LINES + CLASSES).collect(Collectors.joining("\n"));
    }
}
