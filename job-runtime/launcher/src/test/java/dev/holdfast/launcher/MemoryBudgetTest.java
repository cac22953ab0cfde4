package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private static final long MB = 1L << 20;
    private static final MemoryLimit GIGABYTE = new MemoryLimit(1024 * MB, "limit of the container");

    @Test
    void addsUpHeapAndWhatLiesBesideIt() {
        MemoryBudget budget = MemoryBudget.of(GIGABYTE, 500 * MB, 2, 128 * MB, 32 * MB);

        assertThat(budget.inHeap())
                .containsExactly(
                        new MemoryBudget.Part("state table", 96 * MB),
                        new MemoryBudget.Part("network: records not yet read", 32 * MB));
        assertThat(budget.sumBytes())
                .isEqualTo(500 * MB
                        + budget.beside().stream()
                                .mapToLong(MemoryBudget.Part::bytes)
                                .sum());
        budget.requireFit();
    }

    @Test
    void aCoordinatorHasNoState() {
        assertThat(MemoryBudget.of(GIGABYTE, 128 * MB, 0, 0, 0).inHeap()).isEmpty();
    }

    @Test
    void refusesWhatDoesNotFitIntoTheLimitAndShowsTheSum() {
        MemoryBudget budget = MemoryBudget.of(GIGABYTE, 900 * MB, 2, 128 * MB, 32 * MB);

        assertThatThrownBy(budget::requireFit)
                .hasMessageStartingWith(
                        "HF-CFG-013: memory does not fit: heap 900 MB + RocksDB: cache with write buffers 32 MB")
                .hasMessageContaining(", and the limit of the container is 1024 MB. Lower the heap");
    }

    @Test
    void refusesToGiveAwayMoreThanThreeQuartersOfTheHeap() {
        MemoryBudget budget = MemoryBudget.of(GIGABYTE, 200 * MB, 2, 180 * MB, 32 * MB);

        assertThatThrownBy(budget::requireFit)
                .hasMessageStartingWith(
                        "HF-CFG-013: of the heap of 200 MB at most three quarters can be given away, found"
                                + " state table 135 MB + network: records not yet read 32 MB = 167 MB");
    }

    @Test
    void printsATable() {
        assertThat(MemoryBudget.of(GIGABYTE, 500 * MB, 2, 128 * MB, 0).lines())
                .first()
                .asString()
                .matches("memory  heap +500 MB");
    }
}
