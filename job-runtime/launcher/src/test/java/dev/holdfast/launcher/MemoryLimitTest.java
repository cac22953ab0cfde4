package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryLimitTest {
    private static final long MB = 1L << 20;

    @TempDir
    Path root;

    @Test
    void readsVersionTwo() throws Exception {
        write("proc/self/cgroup", "0::/pod/container\n");
        write("sys/fs/cgroup/pod/container/memory.max", "max\n");
        write("sys/fs/cgroup/pod/memory.max", 512 * MB + "\n");

        assertThat(MemoryLimit.ofContainer(root))
                .contains(new MemoryLimit(512 * MB, "limit of the container in /sys/fs/cgroup/pod/memory.max"));
    }

    @Test
    void readsVersionOne() throws Exception {
        write("proc/self/cgroup", "4:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n0::/\n");
        write("sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", 256 * MB + "\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");

        assertThat(MemoryLimit.ofContainer(root).orElseThrow().bytes()).isEqualTo(256 * MB);
    }

    @Test
    void seesItsOwnGroupAtTheMountWithinAContainer() throws Exception {
        write("proc/self/cgroup", "4:memory:/somewhere/else\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", 128 * MB + "\n");

        assertThat(MemoryLimit.ofContainer(root).orElseThrow().bytes()).isEqualTo(128 * MB);
    }

    @Test
    void takesTheLeastOfSeveral() throws Exception {
        write("proc/self/cgroup", "0::/a/b\n");
        write("sys/fs/cgroup/a/memory.max", 300 * MB + "\n");
        write("sys/fs/cgroup/a/b/memory.max", 400 * MB + "\n");

        assertThat(MemoryLimit.ofContainer(root).orElseThrow().bytes()).isEqualTo(300 * MB);
    }

    @Test
    void findsNoneWhereThereIsNone() throws Exception {
        assertThat(MemoryLimit.ofContainer(root)).isEmpty();
        write("proc/self/cgroup", "0::/\nnonsense\n");
        write("sys/fs/cgroup/memory.max", "max\n");
        assertThat(MemoryLimit.ofContainer(root)).isEmpty();
    }

    private void write(String file, String content) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }
}
