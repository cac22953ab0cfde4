package dev.holdfast.launcher;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much memory this process may use.
 *
 * @param source where that is said, for people
 */
record MemoryLimit(long bytes, String source) {
    /** Version 1 says "no limit" by a number near the largest; no machine has that much. */
    private static final long NO_LIMIT_BYTES = 1L << 50;

    private static final Pattern MEM_TOTAL = Pattern.compile("MemTotal:\\s+(\\d{1,15}) kB");
    private static final String MACHINE = "memory of the machine";

    /** The limit of the container, or what the machine has. */
    static MemoryLimit ofThisProcess() {
        return ofContainer(Path.of("/"))
                .or(() -> ofMachine(Path.of("/")))
                .orElseGet(() -> new MemoryLimit(
                        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                                .getTotalMemorySize(),
                        MACHINE));
    }

    /** As Linux says it: asking the JVM takes a tenth of a start's time. */
    private static Optional<MemoryLimit> ofMachine(Path root) {
        return lines(root.resolve("proc/meminfo")).stream()
                .map(MEM_TOTAL::matcher)
                .filter(Matcher::matches)
                .map(total -> new MemoryLimit(Long.parseLong(total.group(1)) << 10, MACHINE))
                .findFirst();
    }

    /**
     * The least limit of the control groups that the process is in (version 1 or 2), and of those around them. A container sees
     * its own group at the root of the file system of groups, so that is looked at too.
     *
     * @param root of the file system, another one in tests
     */
    static Optional<MemoryLimit> ofContainer(Path root) {
        List<Path> files = new ArrayList<>();
        for (String line : lines(root.resolve("proc/self/cgroup"))) {
            String[] parts = line.split(":", 3);
            if (parts.length != 3) {
                continue;
            }
            if (parts[1].isEmpty()) {
                addUpward(files, root.resolve("sys/fs/cgroup"), parts[2], "memory.max");
            } else if (List.of(parts[1].split(",")).contains("memory")) {
                addUpward(files, root.resolve("sys/fs/cgroup/memory"), parts[2], "memory.limit_in_bytes");
            }
        }
        Optional<MemoryLimit> least = Optional.empty();
        for (Path file : files) {
            Optional<MemoryLimit> limit = read(file, root);
            if (limit.isPresent()
                    && (least.isEmpty() || limit.get().bytes() < least.get().bytes())) {
                least = limit;
            }
        }
        return least;
    }

    /** The file in a group and in all around it, up to the mount. */
    private static void addUpward(List<Path> files, Path mount, String group, String name) {
        Path directory =
                mount.resolve(group.substring(group.startsWith("/") ? 1 : 0)).normalize();
        while (directory != null && directory.startsWith(mount)) {
            files.add(directory.resolve(name));
            directory = directory.getParent();
        }
    }

    private static Optional<MemoryLimit> read(Path file, Path root) {
        for (String line : lines(file)) {
            if (line.strip().matches("\\d{1,19}")) {
                long bytes = Long.parseUnsignedLong(line.strip());
                if (bytes > 0 && bytes < NO_LIMIT_BYTES) {
                    return Optional.of(new MemoryLimit(bytes, "limit of the container in /" + root.relativize(file)));
                }
            }
        }
        return Optional.empty();
    }

    /** Nothing where there is no such file: other systems have none. */
    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
