package dev.holdfast.connector.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.UnrecoverableException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExactlyOnceFilesTest {
    /** What a task collects before it writes, unless set. */
    private static final int BUFFER_BYTES = 256 << 10;

    @TempDir
    Path temp;

    private Path out;
    private ExactlyOnceFiles<String> sink;

    @BeforeEach
    void makeSink() {
        out = temp.resolve("deep/out");
        sink = ExactlyOnceFiles.lines(out);
    }

    @Test
    void namesAreStable() throws Exception {
        SinkRun run = new SinkRun(sink.rollBytes(1), "prod/word count", 2, 3, List.of());
        run.write(0, "a");
        run.write(1, "b");
        run.write(1, "c");
        assertThat(SinkRun.pending(out))
                .containsExactly(
                        "prod%2Fword%20count/out/t00000-a00003-f000000000",
                        "prod%2Fword%20count/out/t00001-a00003-f000000000",
                        "prod%2Fword%20count/out/t00001-a00003-f000000001");
        run.commit(run.prepare(42));

        assertThat(SinkRun.visible(out))
                .containsExactly(
                        "out@prod%2Fword%20count-c0000000042-t00000-a00003-0000.txt",
                        "out@prod%2Fword%20count-c0000000042-t00001-a00003-0000.txt",
                        "out@prod%2Fword%20count-c0000000042-t00001-a00003-0001.txt");
    }

    @Test
    void oneNameIsUsedForOneJobAndOperatorOnly() {
        assertThat(visibleName("a", "b-c")).isNotEqualTo(visibleName("a-b", "c"));
        assertThat(visibleName("a", "b@c")).isNotEqualTo(visibleName("a@b", "c"));
        assertThat(visibleName("..", "..")).startsWith("%2E.@%2E.-c");
        String longJob = "j".repeat(300);
        assertThat(visibleName("o".repeat(100), longJob)).hasSizeLessThanOrEqualTo(255);
        assertThat(visibleName("a", longJob + "1")).isNotEqualTo(visibleName("a", longJob + "2"));
    }

    @Test
    void nothingIsVisibleBeforeTheCommit() throws Exception {
        SinkRun run = new SinkRun(sink, "job", 1, 1, List.of());
        run.write(0, "one");
        List<PendingFile> files = run.prepare(1);
        assertThat(files).hasSize(1);
        assertThat(SinkRun.visible(out)).isEmpty();
        run.commit(files);

        assertThat(SinkRun.lines(out)).containsExactly("one");
        assertThat(SinkRun.pending(out)).isEmpty();
    }

    @Test
    void nothingWrittenGivesNoFile() throws Exception {
        SinkRun run = new SinkRun(sink, "job", 3, 1, List.of());

        assertThat(run.prepare(1)).isEmpty();
        assertThat(SinkRun.pending(out)).isEmpty();
    }

    @Test
    void theWriterGoesOnWhileTheOldIntervalIsBeingPrepared() throws Exception {
        SinkRun run = new SinkRun(sink, "job", 1, 1, List.of());
        run.write(0, "one");
        Callable<List<PendingFile>> first = run.writer(0).prepare(1);
        run.write(0, "two");
        Callable<List<PendingFile>> second = run.writer(0).prepare(2);
        run.write(0, "three");
        List<PendingFile> firstFiles = first.call();
        List<PendingFile> secondFiles = second.call();
        run.commit(firstFiles);
        assertThat(SinkRun.lines(out)).containsExactly("one");
        run.commit(secondFiles);

        assertThat(SinkRun.lines(out)).containsExactly("one", "two");
    }

    /** The buffer was written out by the last row before the barrier: what comes next is of the next interval only. */
    @Test
    void theWriterGoesOnFromAnEmptyBufferWhileTheOldIntervalIsBeingPrepared() throws Exception {
        SinkRun run = new SinkRun(sink, "job", 1, 1, List.of());
        String fills = "x".repeat(BUFFER_BYTES);
        run.write(0, fills);
        Callable<List<PendingFile>> first = run.writer(0).prepare(1);
        run.write(0, "two");
        List<PendingFile> firstFiles = first.call();
        run.commit(firstFiles);
        assertThat(SinkRun.lines(out)).containsExactly(fills);
        run.commit(run.prepare(2));

        assertThat(SinkRun.lines(out)).containsExactly(fills, "two");
    }

    @Test
    void largeIntervalsGiveSeveralFiles() throws Exception {
        SinkRun run = new SinkRun(sink.rollBytes(600_000), "job", 1, 1, List.of());
        String line = "x".repeat(999);
        for (int i = 0; i < 2_000; i++) {
            run.write(0, line);
        }
        List<PendingFile> files = run.prepare(1);
        run.commit(files);

        assertThat(files).hasSizeBetween(2, 4).allMatch(file -> file.sizeBytes() < 900_000);
        assertThat(SinkRun.lines(out)).hasSize(2_000).allMatch(line::equals);
    }

    @Test
    void aCommitMayBeRepeated() throws Exception {
        SinkRun run = new SinkRun(sink, "job", 1, 1, List.of());
        run.write(0, "one");
        List<PendingFile> files = run.prepare(1);
        run.commit(files);
        run.commit(files);
        SinkRun later = new SinkRun(sink, "job", 4, 9, files);
        later.commit(files);

        assertThat(SinkRun.lines(out)).containsExactly("one");
    }

    @Test
    void closingGivesUpWhatWasNotPrepared() throws Exception {
        SinkRun run = new SinkRun(sink.rollBytes(8), "job", 1, 1, List.of());
        run.write(0, "prepared");
        List<PendingFile> files = run.prepare(1);
        run.write(0, "given up, in a full part");
        run.write(0, "open");
        run.close();
        SinkRun other = new SinkRun(sink, "job", 1, 2, files);
        other.write(0, "x".repeat(BUFFER_BYTES));
        assertThat(SinkRun.pending(out)).containsExactly("job/out/t00000-a00002-f000000000");
        other.close();

        assertThat(SinkRun.pending(out)).isEmpty();
        assertThat(SinkRun.lines(out)).containsExactly("prepared");
    }

    @Test
    void abortDeletesThePreparedFileAndMayBeRepeated() throws Exception {
        SinkRun run = new SinkRun(sink, "job", 1, 1, List.of());
        run.write(0, "one");
        List<PendingFile> files = run.prepare(1);
        run.abort(files);
        run.abort(files);

        assertThat(SinkRun.pending(out)).isEmpty();
        assertThat(SinkRun.visible(out)).isEmpty();
    }

    @Test
    void recoverDeletesLeftoversOfEarlierAttemptsOfThisJobAndOperatorOnly() throws Exception {
        SinkRun first = new SinkRun(sink, "job", 3, 1, List.of());
        SinkRun otherJob = new SinkRun(sink, "other", 3, 1, List.of());
        SinkRun laterAttempt = new SinkRun(sink, "job", 3, 8, List.of());
        for (int task = 0; task < 3; task++) {
            first.write(task, "left over");
            otherJob.write(task, "other");
            laterAttempt.write(task, "later");
        }
        first.prepare(1);
        List<PendingFile> others = otherJob.prepare(1);
        List<PendingFile> laters = laterAttempt.prepare(1);
        Path unknown = out.resolve(".pending/job/out/notes.txt");
        Files.writeString(unknown, "somebody's");

        // Fewer tasks than before: they answer for the files of those that are no more.
        new SinkRun(sink, "job", 2, 2, List.of());
        otherJob.commit(others);
        laterAttempt.commit(laters);

        assertThat(SinkRun.lines(out)).containsExactlyInAnyOrder("other", "other", "other", "later", "later", "later");
        assertThat(SinkRun.pending(out)).containsExactly("job/out/notes.txt");
    }

    @Test
    void eachTaskRecoversItsOwnShare() throws Exception {
        SinkRun first = new SinkRun(sink, "job", 5, 1, List.of());
        for (int task = 0; task < 5; task++) {
            first.write(task, "left over");
        }
        first.prepare(1);
        sink.committer(new TestContexts.Operator("out", "job", 1, 2, 2)).recover();

        assertThat(SinkRun.pending(out))
                .containsExactly(
                        "job/out/t00000-a00001-f000000000",
                        "job/out/t00002-a00001-f000000000",
                        "job/out/t00004-a00001-f000000000");
    }

    @Test
    void aPausedAttemptThatWakesCannotShowAnythingThatWasNotDecided() throws Exception {
        SinkRun paused = new SinkRun(sink, "job", 1, 1, List.of());
        paused.write(0, "decided");
        List<PendingFile> decided = paused.prepare(1);
        paused.write(0, "undecided");
        List<PendingFile> undecided = paused.prepare(2);
        SinkRun next = new SinkRun(sink, "job", 1, 2, decided);
        next.write(0, "undecided");
        List<PendingFile> again = next.prepare(2);

        // It may still commit what both know, and write into the void.
        paused.commit(decided);
        paused.write(0, "too late");
        next.commit(again);

        assertThat(SinkRun.lines(out)).containsExactly("decided", "undecided");
        assertThatError("HF-FIL-010", () -> paused.commit(undecided)).contains("found neither ");
    }

    @Test
    void aLostFileIsAnError() throws Exception {
        SinkRun run = new SinkRun(sink, "job", 1, 1, List.of());
        run.write(0, "one");
        List<PendingFile> files = run.prepare(1);
        run.commit(files);
        String visible = "out@job-c0000000001-t00000-a00001-0000.txt";
        Files.delete(out.resolve(visible));

        assertThatError("HF-FIL-010", () -> new SinkRun(sink, "job", 1, 2, files))
                .isEqualTo("HF-FIL-010: output of a checkpoint is lost: found neither "
                        + out.resolve(".pending/job/out/t00000-a00001-f000000000") + " nor " + out.resolve(visible)
                        + ", expected one of them with 4 bytes. Put " + visible + " back into " + out
                        + " and start the job again: it goes on with nothing lost. If there is no copy of it, start the"
                        + " job under another id, from a savepoint or anew.");
        assertThat(SinkRun.visible(out)).isEmpty();
    }

    @Test
    void allFilesAreLostWithTheirDirectoryAndCommittedOnceTheyAreBack() throws Exception {
        SinkRun run = new SinkRun(sink, "job", 1, 1, List.of());
        run.write(0, "one");
        List<PendingFile> files = run.prepare(1);
        Path pending = files.getFirst().pendingPath(out.getFileSystem());
        Files.delete(pending);
        Files.delete(pending.getParent());

        assertThatError("HF-FIL-010", () -> new SinkRun(sink, "job", 1, 2, files))
                .startsWith("HF-FIL-010: output of a checkpoint is lost: found neither " + pending);

        Files.writeString(files.getFirst().visiblePath(out.getFileSystem()), "one\n");
        new SinkRun(sink, "job", 1, 3, files);
        assertThat(SinkRun.lines(out)).containsExactly("one");
    }

    /** A loop of links stands for a file system that is away: the engine tries again. */
    @Test
    void aFileThatCannotBeLookedAtIsNotTakenForLost() throws Exception {
        SinkRun run = new SinkRun(sink, "job", 1, 1, List.of());
        run.write(0, "one");
        List<PendingFile> files = run.prepare(1);
        Path aside = temp.resolve("aside");
        Files.move(out, aside);
        Files.createSymbolicLink(out, out);

        Throwable error = catchThrowable(() -> run.commit(files));

        assertThat(error).isInstanceOf(FileSystemException.class);
        Files.delete(out);
        Files.move(aside, out);
        run.commit(files);
        assertThat(SinkRun.lines(out)).containsExactly("one");
    }

    @Test
    void aDamagedFileIsAnErrorBeforeAndAfterItBecomesVisible() throws Exception {
        SinkRun run = new SinkRun(sink, "job", 1, 1, List.of());
        run.write(0, "one");
        List<PendingFile> files = run.prepare(1);
        Path pending = files.getFirst().pendingPath(out.getFileSystem());
        Files.writeString(pending, "on");
        assertThatError("HF-FIL-011", () -> run.commit(files))
                .isEqualTo("HF-FIL-011: output file " + pending
                        + " is damaged: found 2 bytes, expected 4. Nothing but the job"
                        + " may write to it. Put out@job-c0000000001-t00000-a00001-0000.txt back into " + out
                        + " and start the job again: it goes on with nothing lost. If there is no copy of it, start the"
                        + " job under another id, from a savepoint or anew.");
        Files.writeString(pending, "onf\n");
        assertThatError("HF-FIL-011", () -> new SinkRun(sink, "job", 1, 2, files))
                .startsWith("HF-FIL-011: output file " + pending + " is damaged: found CRC-32C ")
                .contains(" over 4 bytes. ");
        Files.delete(pending);
        Files.writeString(files.getFirst().visiblePath(out.getFileSystem()), "onf\n");
        assertThatError("HF-FIL-011", () -> new SinkRun(sink, "job", 1, 2, files))
                .contains("is damaged: found CRC-32C ");
        assertThat(SinkRun.visible(out)).hasSize(1);
    }

    @Test
    void aVisibleFileIsNeverReplaced() throws Exception {
        SinkRun run = new SinkRun(sink, "job", 1, 1, List.of());
        run.write(0, "one");
        List<PendingFile> files = run.prepare(1);
        Path visible = files.getFirst().visiblePath(out.getFileSystem());
        Files.writeString(visible, "somebody else's");
        assertThatError("HF-FIL-011", () -> run.commit(files)).contains("found 15 bytes, expected 4");
        assertThat(visible).hasContent("somebody else's");
        assertThat(SinkRun.pending(out)).hasSize(1);

        // A copy of the same content is fine.
        Files.writeString(visible, "one\n");
        run.commit(files);
        assertThat(SinkRun.pending(out)).isEmpty();
    }

    @Test
    void aSinkThatMovedFinishesItsFilesWhereTheyAre() throws Exception {
        SinkRun run = new SinkRun(sink, "job", 1, 1, List.of());
        run.write(0, "old place");
        List<PendingFile> files = run.prepare(1);
        Path elsewhere = temp.resolve("elsewhere");
        new SinkRun(ExactlyOnceFiles.lines(elsewhere), "job", 1, 2, files);

        assertThat(SinkRun.lines(out)).containsExactly("old place");
    }

    @Test
    void aFileInThePlaceOfTheDirectoryIsAnError() throws IOException {
        Files.createDirectories(out.getParent());
        Files.writeString(out, "a file");

        assertThatError("HF-FIL-012", () -> new SinkRun(sink, "job", 1, 1, List.of()))
                .startsWith("HF-FIL-012: cannot use output directory " + out + ": java.nio.file.")
                .endsWith(". Expected a directory that the job may write to, or a place where it may make one.");
    }

    @Test
    void aFailedWriteNamesTheFile() throws Exception {
        SinkRun run = new SinkRun(sink, "job", 1, 1, List.of());
        run.write(0, "one");
        Files.delete(out.resolve(".pending/job/out"));

        assertThatError("HF-FIL-013", () -> run.prepare(1))
                .startsWith("HF-FIL-013: cannot write output file "
                        + out.resolve(".pending/job/out/t00000-a00001-f000000000")
                        + " after byte 0: java.nio.file.NoSuchFileException");
    }

    @Test
    void aLoneSurrogateHasNoUtf8Form() throws Exception {
        SinkRun run = new SinkRun(sink, "job", 1, 1, List.of());

        assertThatThrownBy(() -> run.write(0, "a\uD83D")).hasMessageContaining("lone surrogate");
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> sink.rollBytes(0)).hasMessage("rollBytes is 0, expected 1 or more");
        assertThatThrownBy(() -> sink.suffix("/x"))
                .hasMessage("suffix is '/x', expected at most 20 letters, digits and dots");
    }

    private static String visibleName(String operator, String job) {
        return new OutputNames(new TestContexts.Operator(operator, job, 0, 1, 1), ".jsonl").visible(1, 0);
    }

    private static AbstractStringAssert<?> assertThatError(String code, ThrowingCallable call) {
        Throwable error = catchThrowable(call);
        assertThat(error).isInstanceOf(HoldfastException.class);
        assertThat(((HoldfastException) error).code()).isEqualTo(code);
        assertThat(error instanceof UnrecoverableException)
                .as("ends the job at once: %s", error)
                .isEqualTo(!code.equals("HF-FIL-012") && !code.equals("HF-FIL-013"));
        return assertThat(error.getMessage());
    }
}
