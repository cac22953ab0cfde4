package dev.holdfast.connector.datagen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.connector.SourceReader;
import dev.holdfast.api.connector.SplitEnumerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DatagenTest {
    private static final long MS = 1_000_000;

    @Test
    void everyIndexIsMadeOnceOverRandomRestores() throws Exception {
        Long given = Long.getLong("holdfast.seed");
        long first = given == null ? new Random().nextLong() : given;
        for (int i = 0; i < (given == null ? 500 : 1); i++) {
            try {
                randomRun(new Random(first + i));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("failed; repeat with -Dholdfast.seed=" + (first + i), e);
            }
        }
    }

    private static void randomRun(Random random) throws Exception {
        int count = random.nextInt(400);
        Datagen<Long> source = indices().count(count);
        if (random.nextBoolean()) {
            source = source.perSecond(1 + random.nextInt(5_000));
        }
        Run run = new Run(source, 1 + random.nextInt(4), null);
        Checkpoint last = null;
        int restores = random.nextInt(5);
        while (run.step(random)) {
            if (random.nextInt(10) == 0) {
                last = run.checkpoint();
            }
            if (last != null && restores > 0 && random.nextInt(20) == 0) {
                restores--;
                run = new Run(source, 1 + random.nextInt(4), last);
            }
        }
        Collections.sort(run.made);
        assertThat(run.made).isEqualTo(LongStream.range(0, count).boxed().toList());
        assertThat(run.checkpoint().readers).allMatch(List::isEmpty);
    }

    @Test
    void aRecordDependsOnSeedAndIndexAlone() throws Exception {
        Datagen<Long> source = Datagen.of(Long.class, 7, (index, random) -> random.nextLong());
        // Made in two tasks and restored in the middle, or in one go: the same.
        List<Long> once = collect(source, new IndexRange(0, 100), 100);
        List<Long> parts = new ArrayList<>(collect(source, new IndexRange(0, 37), 5));
        parts.addAll(collect(source, new IndexRange(37, 100), 11));

        assertThat(parts).isEqualTo(once);
        assertThat(once).doesNotHaveDuplicates();
        assertThat(collect(
                        Datagen.of(Long.class, 8, (index, random) -> random.nextLong()), new IndexRange(0, 100), 100))
                .doesNotContainAnyElementsOf(once);
    }

    @Test
    void theFunctionSeesNothingOfTheNumbersItDrewBefore() throws Exception {
        Datagen<Long> greedy = Datagen.of(Long.class, 7, (index, random) -> {
            long number = random.nextLong();
            for (long i = 0; i < index; i++) {
                random.nextLong();
            }
            return number;
        });
        Datagen<Long> modest = Datagen.of(Long.class, 7, (index, random) -> random.nextLong());

        assertThat(collect(greedy, new IndexRange(0, 20), 20)).isEqualTo(collect(modest, new IndexRange(0, 20), 20));
    }

    @Test
    void numbersAreThoseOfEarlierVersions() throws Exception {
        List<String> found = new ArrayList<>();
        Datagen<String> source = Datagen.of(
                String.class,
                42,
                (index, random) -> random.nextLong() + " " + random.nextInt() + " " + random.nextInt(1000) + " "
                        + random.nextInt(-5, 6) + " " + random.nextLong(1L << 40) + " " + random.nextDouble());
        found.addAll(collect(source, new IndexRange(0, 2), 2));
        found.addAll(collect(source, new IndexRange(1L << 40, (1L << 40) + 1), 1));

        assertThat(found)
                .containsExactly(
                        "-7108620063390100493 1933202702 206 -1 820303842219 0.5452924090522655",
                        "6168158941143839527 -703128313 925 1 759407122378 0.12473167689429798",
                        "4742015404105932257 -1246475851 333 2 403827263230 0.7661412871296108");
    }

    @Test
    void numbersBelowABoundAreEven() {
        SeededRandom random = new SeededRandom();
        int[] counts = new int[10];
        for (int i = 0; i < 100_000; i++) {
            random.reset(1, i);
            counts[random.nextInt(10)]++;
        }

        assertThat(Arrays.stream(counts)).allMatch(count -> count > 9_600 && count < 10_400);
        assertThatThrownBy(() -> random.nextInt(0)).hasMessage("bound is 0, expected more than 0");
    }

    @Test
    void theRateIsSharedByTheReaders() throws Exception {
        TestContexts.Task task = new TestContexts.Task(0, 4);
        SourceReader<Long, IndexRange> reader = indices().perSecond(4_000).reader(task);
        reader.addSplits(List.of(new IndexRange(0, 1_000_000)));
        List<Long> made = new ArrayList<>();
        for (int ms = 0; ms <= 2_500; ms++) {
            task.nowNs = 77_000 + ms * MS;
            while (reader.read(made::add, 100) == SourceReader.Status.MORE) {
                // As many as are due.
            }
            assertThat(made).hasSizeBetween(ms - 1, ms);
        }
    }

    @Test
    void slowRatesAreKeptOverLongTimes() throws Exception {
        TestContexts.Task task = new TestContexts.Task(0, 1);
        SourceReader<Long, IndexRange> reader = indices().perSecond(1.0 / 3).reader(task);
        reader.addSplits(List.of(new IndexRange(0, 1_000_000)));
        List<Long> made = new ArrayList<>();
        for (int second = 0; second <= 9_000; second++) {
            task.nowNs = second * 1_000 * MS;
            reader.read(made::add, 100);
        }

        assertThat(made).hasSizeBetween(2_999, 3_000);
    }

    @Test
    void fastRatesAreKeptInSmallSteps() throws Exception {
        TestContexts.Task task = new TestContexts.Task(0, 1);
        SourceReader<Long, IndexRange> reader = indices().perSecond(300_000_000).reader(task);
        reader.addSplits(List.of(new IndexRange(0, 1_000_000)));
        List<Long> made = new ArrayList<>();
        for (int ns = 0; ns <= 30_000; ns++) {
            task.nowNs = ns;
            reader.read(made::add, 1);
        }

        assertThat(made).hasSizeBetween(8_999, 9_000);
    }

    @Test
    void afterAPauseOneSecondIsMadeUpForAndNoMore() throws Exception {
        TestContexts.Task task = new TestContexts.Task(0, 1);
        SourceReader<Long, IndexRange> reader = indices().perSecond(1_000).reader(task);
        reader.addSplits(List.of(new IndexRange(0, 1_000_000)));
        List<Long> made = new ArrayList<>();
        assertThat(reader.read(made::add, 10)).isEqualTo(SourceReader.Status.NOTHING_NOW);
        task.nowNs = 60_000 * MS;
        assertThat(reader.read(made::add, 5_000)).isEqualTo(SourceReader.Status.NOTHING_NOW);
        assertThat(made).hasSize(1_000);
        task.nowNs += 5 * MS;
        reader.read(made::add, 5_000);

        assertThat(made).hasSize(1_005);
    }

    @Test
    void aSmallBoundedInputIsSharedByAllReaders() throws Exception {
        TestContexts.Coordinator context = new TestContexts.Coordinator(4);
        SplitEnumerator<IndexRange, IndexCursor> enumerator =
                indices().count(1_000).enumerator(context, null);
        enumerator.start();
        for (int reader = 0; reader < 4; reader++) {
            enumerator.splitRequested(reader);
        }

        assertThat(context.assignments).hasSize(4);
        assertThat(context.assignments)
                .allMatch(a -> a.range().end() - a.range().next() <= 20);
    }

    @Test
    void anEndlessSourceDoesNotEnd() throws Exception {
        TestContexts.Coordinator context = new TestContexts.Coordinator(1);
        SplitEnumerator<IndexRange, IndexCursor> enumerator =
                indices().enumerator(context, new IndexCursor(1L << 60, List.of()));
        enumerator.splitRequested(0);

        assertThat(context.assignments.getFirst().range()).isEqualTo(new IndexRange(1L << 60, (1L << 60) + (1 << 20)));
    }

    @Test
    void theNextRangeIsRequestedBeforeTheCurrentOneEnds() throws Exception {
        TestContexts.Task task = new TestContexts.Task(0, 1);
        SourceReader<Long, IndexRange> reader = indices().reader(task);
        reader.addSplits(List.of(new IndexRange(0, 100)));
        reader.read(record -> {}, 70);
        assertThat(task.requests).isZero();
        reader.read(record -> {}, 10);
        reader.read(record -> {}, 10);

        assertThat(task.requests).isEqualTo(1);
        assertThat(reader.snapshot(1)).containsExactly(new IndexRange(90, 100));
        assertThat(reader.position()).isEqualTo("record 89 of seed 1");
    }

    @Test
    void anErrorOfTheFunctionHasThePositionOfItsRecord() throws Exception {
        Datagen<Long> source = Datagen.of(Long.class, 1, (index, random) -> 1 / (index - 3));
        SourceReader<Long, IndexRange> reader = source.reader(new TestContexts.Task(0, 1));
        reader.addSplits(List.of(new IndexRange(0, 10)));

        assertThatThrownBy(() -> reader.read(record -> {}, 10)).isInstanceOf(ArithmeticException.class);
        assertThat(reader.position()).isEqualTo("record 3 of seed 1");
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> indices().count(-1)).hasMessageStartingWith("count is -1, expected 0 to ");
        assertThatThrownBy(() -> indices().perSecond(0)).hasMessage("perSecond is 0.0, expected more than 0");
        assertThatThrownBy(() -> indices().perSecond(Double.NaN)).hasMessage("perSecond is NaN, expected more than 0");
    }

    @Test
    void discardCountsWhatItDrops() throws Exception {
        TestContexts.Task task = new TestContexts.Task(0, 1);
        var writer = Discard.sink().writer(task);
        writer.write("a");
        writer.write(1L);

        assertThat(task.metrics.counter("records_discarded").value()).isEqualTo(2);
    }

    private static Datagen<Long> indices() {
        return Datagen.of(Long.class, 1, (index, random) -> index);
    }

    private static <T> List<T> collect(Datagen<T> source, IndexRange range, int batch) throws Exception {
        SourceReader<T, IndexRange> reader = source.reader(new TestContexts.Task(0, 1));
        reader.addSplits(List.of(range));
        reader.noMoreSplits();
        List<T> made = new ArrayList<>();
        while (reader.read(made::add, batch) != SourceReader.Status.END) {
            // Until all are made.
        }
        return made;
    }

    private record Checkpoint(IndexCursor enumerator, List<List<IndexRange>> readers, List<Long> made) {}

    /** One attempt of a job that consists of the source; a checkpoint takes everything at one moment. */
    private static final class Run {
        private final TestContexts.Coordinator coordinator;
        private final SplitEnumerator<IndexRange, IndexCursor> enumerator;
        private final List<TestContexts.Task> tasks = new ArrayList<>();
        private final List<SourceReader<Long, IndexRange>> readers = new ArrayList<>();
        private final boolean[] ended;
        private final List<Long> made;

        Run(Datagen<Long> source, int parallelism, @Nullable Checkpoint restored) throws Exception {
            coordinator = new TestContexts.Coordinator(parallelism);
            enumerator = source.enumerator(coordinator, restored == null ? null : restored.enumerator());
            made = restored == null ? new ArrayList<>() : new ArrayList<>(restored.made());
            ended = new boolean[parallelism];
            int before = restored == null ? 0 : restored.readers().size();
            for (int i = 0; i < parallelism; i++) {
                TestContexts.Task task = new TestContexts.Task(i, parallelism);
                tasks.add(task);
                readers.add(source.reader(task));
                if (restored == null || i >= before || restored.readers().get(i).isEmpty()) {
                    task.requests++;
                } else {
                    readers.get(i).addSplits(restored.readers().get(i));
                }
            }
            for (int i = parallelism; i < before; i++) {
                enumerator.splitsReturned(restored.readers().get(i));
            }
            enumerator.start();
        }

        boolean step(Random random) throws Exception {
            int i = random.nextInt(readers.size());
            if (random.nextInt(3) == 0) {
                if (tasks.get(i).requests > 1) {
                    throw new AssertionError("reader " + i + " has asked twice");
                }
                if (tasks.get(i).requests == 1) {
                    tasks.get(i).requests = 0;
                    enumerator.splitRequested(i);
                }
                deliver();
            } else if (!ended[i]) {
                tasks.get(i).nowNs += random.nextInt(20) * MS;
                ended[i] = readers.get(i).read(made::add, 1 + random.nextInt(20)) == SourceReader.Status.END;
            }
            for (boolean end : ended) {
                if (!end) {
                    return true;
                }
            }
            return false;
        }

        private void deliver() throws Exception {
            for (TestContexts.Coordinator.Assignment each : coordinator.assignments) {
                readers.get(each.reader()).addSplits(List.of(each.range()));
            }
            coordinator.assignments.clear();
            for (int reader : coordinator.ended) {
                readers.get(reader).noMoreSplits();
            }
            coordinator.ended.clear();
        }

        Checkpoint checkpoint() throws Exception {
            IndexCursor cursor = enumerator.snapshot(1);
            deliver();
            List<List<IndexRange>> ranges = new ArrayList<>();
            for (SourceReader<Long, IndexRange> reader : readers) {
                ranges.add(reader.snapshot(1));
            }
            return new Checkpoint(cursor, ranges, List.copyOf(made));
        }
    }
}
