package dev.holdfast.simulation.bugs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The check of the checker: with each of these bugs in the product, the simulation must find a violation. */
@Execution(ExecutionMode.CONCURRENT)
class DeliberateBugsTest {
    private static final int MOST_SEEDS = 600;

    /** Read by the parameterized test. */
    @SuppressWarnings("unused")
    static final Iterable<Bug> BUGS = Bug.ALL;

    @TempDir
    Path classes;

    @ParameterizedTest
    @FieldSource("BUGS")
    void isFound(Bug bug) throws Exception {
        try (BuggyProduct product = BuggyProduct.with(bug, classes)) {
            String found = product.hunt(1, MOST_SEEDS);
            assertThat(found).as("%s, in %s seeds", bug, MOST_SEEDS).isNotEmpty();
            System.out.println("deliberate bug: " + bug + ": found after "
                    + found.lines().findFirst().orElse(""));
        }
    }
}
