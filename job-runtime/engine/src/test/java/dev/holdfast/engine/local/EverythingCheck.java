package dev.holdfast.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.local.EverythingJob.Event;
import dev.holdfast.engine.local.EverythingJob.Held;
import dev.holdfast.engine.local.EverythingJob.Row;
import dev.holdfast.engine.local.EverythingJob.Seen;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What must hold of the output of an {@link EverythingJob}, however often it died. */
final class EverythingCheck {
    private final EverythingJob job;
    private final String what;
    private final JobSetup base;

    EverythingCheck(EverythingJob job, JobSetup base, String what) {
        this.base = base;
        this.job = job;
        this.what = what;
    }

    void check(String lastProcess) {
        rows();
        seen();
        held(lastProcess);
    }

    /** Each event exactly once; in each key the counts are 1 to n, and all states agree with them. */
    private void rows() {
        Map<Long, List<Row>> byKey = new TreeMap<>();
        List<Event> events = new ArrayList<>();
        for (Row row : job.outside().rows.visible()) {
            byKey.computeIfAbsent(row.key(), key -> new ArrayList<>()).add(row);
            events.add(row.event());
        }
        Map<Event, Integer> wrong = new HashMap<>();
        for (long n = 0; n < job.events(); n++) {
            wrong.put(new Event(true, n), -1);
            wrong.put(new Event(false, n), -1);
        }
        events.forEach(event -> wrong.merge(event, 1, Integer::sum));
        wrong.values().removeIf(times -> times == 0);
        assertThat(wrong)
                .as(
                        "%s: events that are missing (-1) or there too often: %s",
                        what, base.world().trace())
                .isEmpty();
        byKey.forEach((key, rows) -> {
            rows.sort(Comparator.comparingLong(Row::count));
            assertThat(rows.stream().map(Row::count).toList())
                    .as("%s: counts of key %s", what, key)
                    .isEqualTo(LongStream.rangeClosed(1, rows.size()).boxed().toList());
            long sum = 0;
            int rules = 0;
            for (Row row : rows) {
                sum += row.event().number();
                assertThat(row)
                        .as("%s: states agree", what)
                        .isEqualTo(new Row(
                                key,
                                row.event(),
                                row.count(),
                                row.count(),
                                row.count(),
                                sum,
                                sum,
                                sum,
                                row.count(),
                                row.rules()));
                assertThat(row.rules())
                        .as("%s: rules do not go away: %s", what, row)
                        .isBetween(rules, job.rules());
                rules = row.rules();
            }
        });
    }

    /** Each rule once in every task of the attempt whose checkpoint counts, and in the same order in all. */
    private void seen() {
        Map<Long, List<Seen>> byRule = new TreeMap<>();
        job.outside()
                .seen
                .visible()
                .forEach(seen -> byRule.computeIfAbsent(seen.rule(), rule -> new ArrayList<>())
                        .add(seen));
        assertThat(byRule.keySet())
                .as("%s: rules", what)
                .containsExactlyElementsOf(
                        LongStream.range(0, job.rules()).boxed().toList());
        byRule.forEach((rule, all) -> {
            int parallelism = all.getFirst().parallelism();
            assertThat(all).as("%s: rule %s", what, rule).allSatisfy(seen -> {
                assertThat(seen.parallelism()).isEqualTo(parallelism);
                assertThat(seen.rulesBefore()).isEqualTo(rule.intValue());
            });
            assertThat(all.stream().map(Seen::task).sorted().toList())
                    .as("%s: rule %s", what, rule)
                    .isEqualTo(IntStream.range(0, parallelism).boxed().toList());
        });
    }

    /** Operator list and union state: dealt out anew at each restore, nothing lost and nothing double. */
    private void held(String lastProcess) {
        List<Held> parts = job.outside().held.entrySet().stream()
                .filter(entry -> entry.getKey().process().equals(lastProcess))
                .map(Map.Entry::getValue)
                .toList();
        assertThat(parts)
                .as("%s: tasks at the end", what)
                .hasSize(parts.getFirst().parallelism());
        assertThat(parts.stream().mapToLong(Held::counted).sum())
                .as("%s: sum over the union state", what)
                .isEqualTo(2L * job.events());
        assertThat(parts.stream()
                        .flatMap(held -> held.listed().stream())
                        .sorted()
                        .toList())
                .as("%s: list state", what)
                .isEqualTo(LongStream.range(0, job.events())
                        .filter(n -> n % 10 == 0)
                        .flatMap(n -> LongStream.of(n, n))
                        .boxed()
                        .toList());
    }
}
