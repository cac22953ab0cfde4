package dev.holdfast.storage.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.env.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Create-only holds over processes, not only over threads. */
class SeveralProcessesTest {
    private static final int PROCESSES = 3;
    private static final int KEYS = 300;

    @Test
    void ofProcessesThatRaceExactlyOneCreatesEachObject(@TempDir Path directory) throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Racer.class.getName(),
                            directory.toString(),
                            String.valueOf(i))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        }
        List<String> won = new ArrayList<>();
        int winners = 0;
        for (Process process : processes) {
            List<String> keys = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
            assertThat(process.waitFor()).isZero();
            won.addAll(keys);
            winners += keys.isEmpty() ? 0 : 1;
        }

        assertThat(won).hasSize(KEYS).doesNotHaveDuplicates();
        assertThat(winners).as("processes that won at all: else nothing raced").isGreaterThan(1);
        try (DirectoryObjectStore store = DirectoryObjectStore.open(directory.resolve("store"))) {
            assertThat(store.list("log/", null, 1000)).hasSize(KEYS);
        }
    }

    /** One process: waits for the others, then tries to create each object, and prints those that it did. */
    static final class Racer {
        public static void main(String[] args) throws IOException {
            Path directory = Path.of(args[0]);
            DirectoryObjectStore store = DirectoryObjectStore.open(directory.resolve("store"));
            Files.createFile(directory.resolve("ready-" + args[1]));
            for (int i = 0; i < PROCESSES; i++) {
                while (!Files.exists(directory.resolve("ready-" + i))) {
                    Thread.onSpinWait();
                }
            }
            for (int key = 0; key < KEYS; key++) {
                if (store.putIfAbsent("log/" + key, Content.of(args[1].getBytes(StandardCharsets.US_ASCII)))) {
                    System.out.println(key);
                }
            }
        }
    }
}
