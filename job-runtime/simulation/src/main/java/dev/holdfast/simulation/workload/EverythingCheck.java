package dev.holdfast.simulation.workload;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What must hold of the output of {@link Everything}, however often it died. */
final class EverythingCheck {
    private final int records;
    private final List<Row> visible;
    private final Consumer<String> wrong;

    EverythingCheck(int records, List<Row> visible, Consumer<String> wrong) {
        this.records = records;
        this.visible = visible;
        this.wrong = wrong;
    }

    void check(boolean exact, Collection<Everything.Held> held) {
        List<Row> rows = ofKind("row");
        List<String> expected = new ArrayList<>();
        for (long n = 0; n < records; n++) {
            expected.add("row 0 " + n);
            expected.add("row 1 " + n);
        }
        differ("events", Counted.difference(rows.stream().map(Row::identity).toList(), expected));
        if (exact) {
            states(rows);
            seen(ofKind("seen"));
        }
        held(held);
    }

    private List<Row> ofKind(String kind) {
        return visible.stream().filter(row -> row.kind().equals(kind)).toList();
    }

    private void differ(String what, String difference) {
        if (!difference.isEmpty()) {
            wrong.accept(what + ": " + difference);
        }
    }

    /** In each key the counts are 1 to n, and all states agree with them. */
    private void states(List<Row> rows) {
        Map<Long, List<Row>> byKey = new TreeMap<>();
        rows.forEach(row ->
                byKey.computeIfAbsent(row.cell(2), key -> new ArrayList<>()).add(row));
        byKey.forEach((key, ofKey) -> {
            ofKey.sort(Comparator.comparingLong(row -> row.cell(3)));
            differ(
                    "counts of key " + key,
                    Counted.difference(
                            ofKey.stream().map(row -> row.cell(3)).toList(),
                            LongStream.rangeClosed(1, ofKey.size()).boxed().toList()));
            long sum = 0;
            long rules = 0;
            for (Row row : ofKey) {
                sum += row.cell(1);
                long count = row.cell(3);
                Row agreed = Row.of(
                        "row",
                        row.cell(0),
                        row.cell(1),
                        key,
                        count,
                        count,
                        count,
                        sum,
                        sum,
                        sum,
                        count,
                        Math.max(rules, row.cell(10)));
                if (!row.equals(agreed)) {
                    wrong.accept(
                            "states of key " + key + " do not agree: " + row.line() + ", expected " + agreed.line());
                    return;
                }
                rules = row.cell(10);
            }
        });
    }

    /** Each rule once in every task of the attempt whose checkpoint counts, and in the same order in all. */
    private void seen(List<Row> rows) {
        Map<Long, List<Row>> byRule = new TreeMap<>();
        rows.forEach(row ->
                byRule.computeIfAbsent(row.cell(0), rule -> new ArrayList<>()).add(row));
        differ(
                "rules",
                Counted.difference(
                        byRule.keySet(),
                        LongStream.range(0, Everything.RULES).boxed().toList()));
        byRule.forEach((rule, all) -> {
            int parallelism = (int) all.getFirst().cell(2);
            differ(
                    "tasks that saw rule " + rule,
                    Counted.difference(
                            all.stream().map(row -> (int) row.cell(1)).toList(),
                            IntStream.range(0, parallelism).boxed().toList()));
            all.stream()
                    .filter(row -> row.cell(2) != parallelism || row.cell(3) != rule)
                    .findFirst()
                    .ifPresent(row -> wrong.accept("rule out of order: " + row.line()));
        });
    }

    /** Operator list and union state: dealt out anew at each restore, nothing lost and nothing double. */
    private void held(Collection<Everything.Held> parts) {
        long counted = parts.stream().mapToLong(Everything.Held::counted).sum();
        if (counted != 2L * records) {
            wrong.accept("the union state counts " + counted + " events, expected " + 2L * records);
        }
        List<Long> expected = new ArrayList<>();
        for (long n = 0; n < records; n += 10) {
            expected.add(n);
            expected.add(n);
        }
        differ(
                "operator list",
                Counted.difference(
                        parts.stream().flatMap(each -> each.listed().stream()).toList(), expected));
    }
}
