package dev.holdfast.connector.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job that writes the numbers from 0 on, with checkpoints, crashed at every point of the two phases: what is visible in
 * the end is each number once, and nothing is left pending.
 */
class ExactlyOnceFilesCrashTest {
    private static final int TRIALS = 150;

    @TempDir
    Path temp;

    private int directories;

    /** Where an attempt ends without a word. */
    private enum Crash {
        AFTER_WRITE,
        AFTER_HALF_THE_TASKS_PREPARED,
        AFTER_PREPARE,
        AFTER_DECISION,
        AFTER_HALF_THE_COMMIT,
        AFTER_COMMIT,
        AFTER_COMMIT_TWICE,
        AFTER_WRITE_BEHIND_THE_COMMIT,
        WITH_AN_ORDERLY_CLOSE
    }

    /** What the log of checkpoints holds: numbers before {@code next} are decided; the files are those to be committed. */
    private record Decided(int next, List<PendingFile> files) {}

    @Test
    void eachNumberIsVisibleOnceAfterAnyTwoCrashes() throws Exception {
        for (Crash first : Crash.values()) {
            for (Crash second : Crash.values()) {
                Seeds.each(2, random -> run(List.of(first, second), random));
            }
        }
    }

    @Test
    void eachNumberIsVisibleOnceAfterRandomCrashes() throws Exception {
        Seeds.each(TRIALS, random -> {
            List<Crash> crashes = new ArrayList<>();
            int number = random.nextInt(7);
            for (int i = 0; i < number; i++) {
                crashes.add(Crash.values()[random.nextInt(Crash.values().length)]);
            }
            run(crashes, random);
        });
    }

    private void run(List<Crash> crashes, Random random) throws Exception {
        Path out = temp.resolve("out" + directories++);
        Decided decided = new Decided(0, List.of());
        long attempt = 0;
        long checkpoint = 0;
        for (Crash crash : crashes) {
            // The same checkpoint may be restored several times before the job gets any further.
            for (int i = random.nextInt(3); i >= 0; i--) {
                SinkRun run = start(out, ++attempt, decided, random);
                if (i > 0) {
                    write(run, decided.next(), 3, random);
                    run.prepare(checkpoint + 1);
                } else {
                    decided = until(crash, run, decided, ++checkpoint, random);
                }
            }
        }
        SinkRun last = start(out, ++attempt, decided, random);
        write(last, decided.next(), 10, random);
        last.commit(last.prepare(++checkpoint));
        last.close();

        List<String> expected = new ArrayList<>();
        for (int i = 0; i < decided.next() + 10; i++) {
            expected.add("number " + i);
        }
        assertThat(SinkRun.lines(out)).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(SinkRun.pending(out)).isEmpty();
    }

    private int tasks;

    private SinkRun start(Path out, long attempt, Decided decided, Random random) throws Exception {
        tasks = 1 + random.nextInt(4);
        ExactlyOnceFiles<String> sink =
                ExactlyOnceFiles.lines(out).rollBytes(random.nextBoolean() ? 1 + random.nextInt(40) : 1 << 20);
        return new SinkRun(sink, "job", tasks, attempt, decided.files());
    }

    private void write(SinkRun run, int from, int count, Random random) throws Exception {
        for (int i = from; i < from + count; i++) {
            run.write(random.nextInt(tasks), "number " + i);
        }
    }

    private Decided until(Crash crash, SinkRun run, Decided before, long checkpoint, Random random) throws Exception {
        int count = random.nextInt(12);
        write(run, before.next(), count, random);
        if (crash == Crash.AFTER_WRITE) {
            return before;
        }
        if (crash == Crash.WITH_AN_ORDERLY_CLOSE) {
            run.close();
            return before;
        }
        if (crash == Crash.AFTER_HALF_THE_TASKS_PREPARED) {
            for (int task = 0; task < tasks / 2; task++) {
                run.writer(task).prepare(checkpoint).call();
            }
            return before;
        }
        List<PendingFile> files = run.prepare(checkpoint);
        if (crash == Crash.AFTER_PREPARE) {
            return before;
        }
        Decided after = new Decided(before.next() + count, files);
        if (crash == Crash.AFTER_DECISION) {
            return after;
        }
        if (crash == Crash.AFTER_HALF_THE_COMMIT) {
            run.commit(files.subList(0, files.size() / 2));
            return after;
        }
        run.commit(files);
        if (crash == Crash.AFTER_COMMIT_TWICE) {
            run.commit(files);
        }
        if (crash == Crash.AFTER_WRITE_BEHIND_THE_COMMIT) {
            write(run, after.next(), 3, random);
            run.prepare(checkpoint + 1);
        }
        return after;
    }
}
