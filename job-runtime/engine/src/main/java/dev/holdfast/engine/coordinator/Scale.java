package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.checkpoint.RestorePoint;
import dev.holdfast.engine.graph.Plan;
import dev.holdfast.engine.operator.Program;
import dev.holdfast.engine.operator.StateLayout;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The program at the job's parallelism, and changes of that while the job runs:
 *
 * <ol>
 *   <li>The program is run for the other parallelism, off the coordinator's thread. What cannot run is refused.
 *   <li>The change is {@link #want wanted}, and the attempt ends at a checkpoint ({@link Handover}). One that fails before is as good.
 *   <li>The next attempt {@link #take takes} the change: its tasks are placed anew on the same processes, and restored as after any
 *       change of the parallelism.
 * </ol>
 *
 * On the coordinator's thread, but for {@link #run}.
 */
final class Scale {
    private final IntFunction<Program> programs;
    private final JobSettings settings;
    private final Set<String> fingerprints = new HashSet<>();
    private Sized present;
    private @Nullable ManifestBuilder manifests;
    private @Nullable Sized wanted;

    /** A program as it was run for a parallelism. */
    record Sized(Program program, int parallelism) {}

    /** @param programs runs the program for a parallelism of operators that set none */
    Scale(IntFunction<Program> programs, JobSettings settings) {
        this.programs = programs;
        this.settings = settings;
        present = run(settings.parallelism());
        fingerprints.add(plan().fingerprint());
    }

    /** Runs the program; user code, any thread. */
    Sized run(int parallelism) {
        return new Sized(programs.apply(parallelism), parallelism);
    }

    Program program() {
        return present.program();
    }

    Plan plan() {
        return program().plan();
    }

    /** Of operators that set none. */
    int parallelism() {
        return present.parallelism();
    }

    /** What workers are let in to. */
    Terms terms(long generation) {
        return new Terms(generation, present.parallelism(), plan());
    }

    /**
     * Looks whether the program can commit what was decided for it.
     *
     * @param commit null for nothing
     * @throws dev.holdfast.api.HoldfastException if it cannot
     */
    void checkCommittable(@Nullable RestorePoint commit) {
        if (commit != null) {
            StateLayout.checkCommittable(program(), commit.manifest());
        }
    }

    /**
     * Fits the program to what the job is restored from.
     *
     * @param from null for no state
     * @throws dev.holdfast.api.HoldfastException if it does not fit
     */
    void fit(@Nullable RestorePoint from) {
        StateLayout layout =
                StateLayout.of(program(), from == null ? null : from.manifest(), settings.allowDroppedState());
        manifests = new ManifestBuilder(settings.root(), program(), layout);
    }

    /** What makes manifests of the present plan, as it was fitted. */
    ManifestBuilder manifests() {
        return Objects.requireNonNull(manifests, "nothing was fitted yet");
    }

    /** Of this program, for each parallelism that it had: a worker may have compared itself with any of them. */
    Set<String> fingerprints() {
        return fingerprints;
    }

    void want(Sized next) {
        wanted = next;
    }

    /** A change that has not begun does not begin any more. */
    void giveUp() {
        wanted = null;
    }

    /** For people: what is about to change. */
    String text() {
        return "rescaling from parallelism " + present.parallelism() + " to "
                + Objects.requireNonNull(wanted).parallelism();
    }

    /** No attempt runs: the next one has the change, and begins from there. True if there is a change. */
    boolean take(@Nullable RestorePoint from) {
        Sized next = wanted;
        if (next == null) {
            return false;
        }
        present = next;
        wanted = null;
        fingerprints.add(plan().fingerprint());
        fit(from);
        return true;
    }
}
