package dev.holdfast.launcher;

import dev.holdfast.engine.graph.LogicalGraph;
import dev.holdfast.engine.graph.Node;
import dev.holdfast.engine.task.MetricsRegistry;
import java.util.Set;
import java.util.stream.Collectors;

/** The sources of a program, to count what they have read. */
record Sources(Set<String> names) {

    static Sources of(LogicalGraph graph) {
        return new Sources(graph.operators().stream()
                .filter(operator -> operator.node() instanceof Node.Read)
                .map(LogicalGraph.Operator::name)
                .collect(Collectors.toUnmodifiableSet()));
    }

    /** Records that the tasks of this process have read in their newest attempt. */
    long records(MetricsRegistry metrics) {
        long sum = 0;
        for (MetricsRegistry.Counted counted : metrics.tasks()) {
            if (names.contains(counted.counters().vertex())) {
                sum += counted.counters().recordsIn().value();
            }
        }
        return sum;
    }
}
