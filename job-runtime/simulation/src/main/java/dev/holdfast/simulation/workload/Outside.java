package dev.holdfast.simulation.workload;

import dev.holdfast.api.connector.Sink;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What a job's programs reach besides the engine. It outlives all processes; each process has a view of its own. */
public interface Outside {

    /** A sink for rows. */
    Sink<Row> sink(String name);

    /** The newest attempt of the job for which a sink was made in this process. A process has one attempt at a time. */
    long attempt();

    /** What all processes share. */
    Shared shared();

    /** What the functions of all processes leave for the auditors, and what they are told. */
    final class Shared {
        /** Makes the next record fail. */
        public boolean throwSoon;

        /** Told by a function that sees what cannot be, such as a record for the second time in one line of history. */
        public Consumer<String> impossible = what -> {};

        /** What each task held at the end of input; words of an older attempt do not count. */
        final Map<Integer, Everything.Held> held = new HashMap<>();
    }
}
