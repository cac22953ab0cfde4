package dev.holdfast.launcher;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

/**
 * Says what fills the heap before it is full. The JVM ends at the first OutOfMemoryError, when no code runs any more that could say
 * why. So this looks after each collection whether it left the heap nearly full, and then logs the classes that take most of it, once.
 * A program that fills a heap within a few collections may be faster.
 */
final class HeapWatch {
    private static final System.Logger LOG = System.getLogger(HeapWatch.class.getName());

    /** A healthy heap is below that after a collection, also where young objects are left in it. */
    private static final double NEARLY_FULL = 0.85;

    /** A process has started by then. */
    private static final long SETTLE_MS = 3_000;

    /** Enough to see whose objects they are. */
    private static final int CLASSES = 12;

    /** Lines of the histogram above the first class. */
    private static final int HEAD_LINES = 3;

    private final AtomicBoolean said = new AtomicBoolean();

    private HeapWatch() {}

    /** Watches soon: what is asked for here would take a tenth of a start's time. */
    static void start() {
        Thread.ofPlatform().name("heap-watch").daemon(true).start(new HeapWatch()::watch);
    }

    private void watch() {
        try {
            Thread.sleep(SETTLE_MS);
            // Loads what a diagnostic command needs, while there is memory for it.
            diagnose("vmUptime", false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (JMException e) {
            LOG.log(System.Logger.Level.DEBUG, "no diagnostic commands in this JVM", e);
        }
        Set<String> heapPools = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getName)
                .collect(Collectors.toUnmodifiableSet());
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener((notification, handback) -> heard(notification, heapPools), null, null);
            }
        }
    }

    /** On a thread of the JVM's, soon after a collection. */
    private void heard(Notification notification, Set<String> heapPools) {
        if (!GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION.equals(notification.getType())) {
            return;
        }
        long used = GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData())
                .getGcInfo()
                .getMemoryUsageAfterGc()
                .entrySet()
                .stream()
                .filter(pool -> heapPools.contains(pool.getKey()))
                .mapToLong(pool -> pool.getValue().getUsed())
                .sum();
        if (used > Runtime.getRuntime().maxMemory() * NEARLY_FULL) {
            nearlyFull();
        }
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
        // "-all" counts what nothing holds any more too, and so needs no collection before.
        return diagnose("gcClassHistogram", true)
                .lines()
                .limit(HEAD_LINES + CLASSES)
                .collect(Collectors.joining("\n"));
    }

    private static String diagnose(String command, boolean all) throws JMException {
        Object text = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        command,
                        new Object[] {all ? new String[] {"-all"} : new String[0]},
                        new String[] {String[].class.getName()});
        return String.valueOf(text);
    }
}
