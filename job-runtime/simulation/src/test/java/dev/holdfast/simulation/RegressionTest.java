package dev.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulation.fault.Schedule;
import dev.holdfast.simulation.run.Life;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.LogManager;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Schedules that once failed, under the name of what was wrong. A new one is a file in {@code schedules}. */
class RegressionTest {
    @TestFactory
    List<DynamicTest> whatOnceFailedDoesNotFailAgain() throws IOException {
        LogManager.getLogManager().reset();
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/schedules"))) {
            List<DynamicTest> tests = files.sorted()
                    .map(file -> DynamicTest.dynamicTest(
                            file.getFileName()
                                    .toString()
                                    .replace(".schedule", "")
                                    .replace('-', ' '),
                            () -> {
                                Schedule schedule = Schedule.parse(Files.readString(file));
                                assertThat(Life.live(schedule).violation())
                                        .as("make sim SCHEDULE=%s", file)
                                        .isEmpty();
                            }))
                    .toList();
            assertThat(tests).isNotEmpty();
            return tests;
        }
    }
}
