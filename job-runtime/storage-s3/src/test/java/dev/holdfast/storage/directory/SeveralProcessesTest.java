package dev.holdfast.storage.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.env.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Create-only holds over processes, not only over threads. */
class SeveralProcessesTest {
    private static final int PROCESSES = 3;
    private static final int KEYS = 300;

    /** All of them meet before each key, so each key is a race, whatever the machine does between two of them. */
    @Test
    void ofProcessesThatRaceExactlyOneCreatesEachObject(@TempDir Path directory) throws Exception {
        Rendezvous.create(directory.resolve("rounds"), PROCESSES);
        List<Process> racers = new ArrayList<>();
        try {
            for (int i = 0; i < PROCESSES; i++) {
                racers.add(start(directory, i));
            }
            String[] winners = new String[KEYS];
            for (int i = 0; i < PROCESSES; i++) {
                List<String> outcomes = new String(
                                racers.get(i).getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                        .lines()
                        .toList();
                assertThat(racers.get(i).waitFor())
                        .as("exit status of racer %d", i)
                        .isZero();
                assertThat(outcomes).as("tries of racer %d", i).hasSize(KEYS);
                for (int key = 0; key < KEYS; key++) {
                    if (outcomes.get(key).equals(Racer.WON)) {
                        assertThat(winners[key])
                                .as("who created key %d besides racer %d", key, i)
                                .isNull();
                        winners[key] = String.valueOf(i);
                    }
                }
            }

            assertThat(winners).as("each key has a winner").doesNotContainNull();
            try (DirectoryObjectStore store = DirectoryObjectStore.open(directory.resolve("store"))) {
                assertThat(store.list("log/", null, 1000)).hasSize(KEYS);
                for (int key = 0; key < KEYS; key++) {
                    assertThat(store.get("log/" + key)).asString().isEqualTo(winners[key]);
                }
            }
        } finally {
            racers.forEach(Process::destroyForcibly);
        }
    }

    private static Process start(Path directory, int number) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Racer.class.getName(),
                        directory.toString(),
                        String.valueOf(number))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** One process: for each key it waits for the others, tries to create the object, and says whether it did. */
    static final class Racer {
        static final String WON = "won";
        static final String LOST = "lost";

        public static void main(String[] args) throws IOException {
            Path directory = Path.of(args[0]);
            int number = Integer.parseInt(args[1]);
            Content content = Content.of(args[1].getBytes(StandardCharsets.US_ASCII));
            DirectoryObjectStore store = DirectoryObjectStore.open(directory.resolve("store"));
            Rendezvous rounds = Rendezvous.open(directory.resolve("rounds"), PROCESSES, number);
            StringBuilder outcomes = new StringBuilder();
            for (int key = 0; key < KEYS; key++) {
                rounds.meet(key + 1);
                boolean won = store.putIfAbsent("log/" + key, content);
                outcomes.append(won ? WON : LOST).append('\n');
            }
            System.out.print(outcomes);
        }
    }
}
