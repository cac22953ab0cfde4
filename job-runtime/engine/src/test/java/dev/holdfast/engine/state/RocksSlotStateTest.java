package dev.holdfast.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.api.state.ValueState;
import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.env.host.DirectoryDisk;
import dev.holdfast.engine.state.rocksdb.RocksSortedStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slot's state on RocksDB and real files. */
class RocksSlotStateTest {
    @TempDir
    Path directory;

    private StateHarness open(StateDeclarations declarations, long budgetBytes, StateHarness.Saved saved) {
        LocalDisk disk = new DirectoryDisk(directory);
        return new StateHarness(
                disk,
                RocksSortedStore.factory(disk),
                budgetBytes,
                Thresholds.DEFAULT,
                StateHarness.all(),
                declarations,
                saved);
    }

    @Test
    void holdsManyTimesItsMemoryBudgetAndRestoresIt() throws Exception {
        int keys = 60_000;
        String text = "x".repeat(100);
        StateDeclarations declarations = new StateDeclarations("operator");
        ValueState<String> value = declarations.value("value", String.class, "");
        StateHarness.Saved saved;
        try (StateHarness harness = open(declarations, 1 << 20, StateHarness.Saved.NOTHING)) {
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < keys; i++) {
                    harness.key("key" + i);
                    value.set(value.get() + round + text + i);
                    if (i % 256 == 0) {
                        harness.betweenBatches();
                        assertThat(harness.state.statistics().memoryBytes()).isLessThan(2 << 20);
                    }
                }
            }
            StateStatistics statistics = harness.state.statistics();
            assertThat(statistics.evicted()).isGreaterThan(keys);
            assertThat(statistics.spills()).isPositive();
            assertThat(statistics.folds()).isPositive();
            saved = harness.save(1, StateHarness.Saved.NOTHING);
            assertThat(saved.objects().values().stream()
                            .mapToLong(bytes -> bytes.length)
                            .sum())
                    .isGreaterThan(1 << 20);
        }
        StateDeclarations again = new StateDeclarations("operator");
        ValueState<String> restored = again.value("value", String.class, "");
        try (StateHarness harness = open(again, 1 << 20, saved)) {
            for (int i = 0; i < keys; i++) {
                harness.key("key" + i);
                assertThat(restored.get()).isEqualTo("0" + text + i + "1" + text + i);
                if (i % 256 == 0) {
                    harness.betweenBatches();
                }
            }
        }
    }

    @Test
    void givesBackFilesAndMemoryWhenClosed() throws Exception {
        assumeThat(Files.isDirectory(Path.of("/proc/self/fd"))).isTrue();
        for (int i = 0; i < 20; i++) {
            openAndClose();
        }
        long files = openFiles();
        long kilobytes = residentKilobytes();
        for (int i = 0; i < 200; i++) {
            openAndClose();
        }
        assertThat(openFiles()).isLessThanOrEqualTo(files + 10);
        // One RocksDB that is not closed keeps more than 1 MB; the heap may grow meanwhile.
        assertThat(residentKilobytes() - kilobytes).isLessThan(150_000);
        try (Stream<Path> left = Files.walk(directory)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    private void openAndClose() throws Exception {
        StateDeclarations declarations = new StateDeclarations("operator");
        ValueState<Long> value = declarations.value("value", Long.class, 0L);
        try (StateHarness harness = open(declarations, 8 << 20, StateHarness.Saved.NOTHING)) {
            harness.key("a");
            value.set(1L);
            harness.save(1, StateHarness.Saved.NOTHING);
        }
    }

    private static long openFiles() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    private static long residentKilobytes() throws Exception {
        System.gc();
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
