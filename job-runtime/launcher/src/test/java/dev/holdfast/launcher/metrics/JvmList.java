package dev.holdfast.launcher.metrics;

import dev.holdfast.engine.metrics.Distribution;
import java.util.List;
import java.util.Set;

/** What the docs say of Micrometer's metrics of the JVM; the page is checked against it. */
final class JvmList {
    static final List<Metric<Object>> ALL = List.of(
            gauge("jvm_memory_used_bytes", "bytes", "Memory in use, by `area` (heap, nonheap) and `id` (pool)."),
            gauge(
                    "jvm_memory_committed_bytes",
                    "bytes",
                    "Memory that the JVM has from the system, by `area` and `id`."),
            gauge("jvm_memory_max_bytes", "bytes", "The most it may take, by `area` and `id`; -1 without a limit."),
            gauge(
                    "jvm_buffer_memory_used_bytes",
                    "bytes",
                    "Memory of buffers outside the heap, by `id` (direct, mapped)."),
            gauge("jvm_buffer_total_capacity_bytes", "bytes", "Capacity of these buffers."),
            gauge("jvm_buffer_count_buffers", "buffers", "Number of these buffers."),
            summary("jvm_gc_pause_seconds", "seconds", "Pauses of the collector, by `action`, `cause`, `gc`."),
            gauge("jvm_gc_pause_seconds_max", "seconds", "The longest of them lately."),
            summary(
                    "jvm_gc_concurrent_phase_time_seconds",
                    "seconds",
                    "Work of the collector beside the threads of the program."),
            gauge("jvm_gc_concurrent_phase_time_seconds_max", "seconds", "The longest such phase lately."),
            counter(
                    "jvm_gc_memory_allocated_bytes_total",
                    "bytes",
                    "Growth of the young generation between collections."),
            counter("jvm_gc_memory_promoted_bytes_total", "bytes", "Growth of the old generation by collections."),
            gauge("jvm_gc_live_data_size_bytes", "bytes", "What was left in the old generation after a collection."),
            gauge("jvm_gc_max_data_size_bytes", "bytes", "The most that the old generation may take."),
            gauge("jvm_threads_live_threads", "threads", "Platform threads."),
            gauge("jvm_threads_daemon_threads", "threads", "Of them, daemons."),
            gauge("jvm_threads_peak_threads", "threads", "The most there were at once."),
            counter("jvm_threads_started_threads_total", "threads", "Threads started so far."),
            gauge("jvm_threads_states_threads", "threads", "Platform threads by `state`."),
            gauge("jvm_classes_loaded_classes", "classes", "Classes that are loaded."),
            counter("jvm_classes_unloaded_classes_total", "classes", "Classes unloaded so far."),
            counter("process_cpu_time_ns_total", "nanoseconds", "Processor time of the process."),
            gauge("process_cpu_usage", "0 to 1", "Its part of all processors, lately."),
            gauge("process_files_open_files", "files", "Open files and sockets."),
            gauge("process_files_max_files", "files", "The most it may open."),
            gauge("process_start_time_seconds", "seconds since 1970", "When it started."),
            gauge("process_uptime_seconds", "seconds", "How long it has run."),
            gauge("system_cpu_count", "processors", "Processors that the JVM may use."),
            gauge("system_cpu_usage", "0 to 1", "Part of all processors that the whole machine uses, lately."),
            gauge("system_load_average_1m", "threads", "Threads that run or want to, over a minute."));

    /** They depend on the collector, and on what it has done so far. */
    static final Set<String> NOT_ALWAYS = Set.of(
            "jvm_gc_pause_seconds",
            "jvm_gc_pause_seconds_max",
            "jvm_gc_concurrent_phase_time_seconds",
            "jvm_gc_concurrent_phase_time_seconds_max");

    private JvmList() {}

    private static Metric<Object> counter(String name, String unit, String meaning) {
        return Metric.counter(name, unit, meaning, unread -> 0);
    }

    private static Metric<Object> gauge(String name, String unit, String meaning) {
        return Metric.gauge(name, unit, meaning, unread -> 0);
    }

    private static Metric<Object> summary(String name, String unit, String meaning) {
        return Metric.summary(name, unit, meaning, 1, unread -> new Distribution());
    }
}
