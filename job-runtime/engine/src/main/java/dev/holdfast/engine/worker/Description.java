package dev.holdfast.engine.worker;

import dev.holdfast.engine.operator.Program;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a worker knows of its program's graph. The program is run for it once for each parallelism, as it depends on nothing but its
 * parameters; the functions of tasks come from runs of their own. Callable from any thread; blocks while the program runs.
 */
final class Description {
    private final IntFunction<Program> programs;
    private @Nullable Program program;
    private int parallelism;

    Description(IntFunction<Program> programs) {
        this.programs = programs;
    }

    synchronized Program of(int wanted) {
        Program known = program;
        if (known == null || parallelism != wanted) {
            known = programs.apply(wanted);
            program = known;
            parallelism = wanted;
        }
        return known;
    }
}
