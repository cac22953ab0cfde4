package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The wall around Netty: only its module may use it, and the benchmark that compares the two. */
class NettyWallTest {
    private static final List<String> MAY = List.of("/job-runtime/transport-netty/", "/job-runtime/benchmarks/");

    @Test
    void onlyTheTransportUsesNetty() throws IOException {
        List<Path> wrong = new ArrayList<>();
        for (Path source : Repository.mainSources()) {
            if (MAY.stream().noneMatch(source.toString()::contains)
                    && Files.readString(source).contains("import io.netty.")) {
                wrong.add(source);
            }
        }
        assertThat(wrong).as("use env.Transport").isEmpty();
    }
}
