package dev.holdfast.connector.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.api.UnrecoverableException;
import dev.holdfast.api.connector.SourceReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFilesTest {
    @TempDir
    Path temp;

    @Test
    void readsLinesWithEitherEndAndALastOneWithout() throws Exception {
        Path file = write("a.txt", "one\r\ntwo\n\n\r\nl\rast");

        assertThat(readAll(TextFiles.lines(file))).containsExactly("one", "two", "", "", "l\rast");
    }

    @Test
    void aFileOfOneByteIsALineAndAnEmptyFileIsNone() throws Exception {
        write("empty.txt", "");
        write("empty.gz", "");
        write("one.txt", "\n");

        assertThat(readAll(TextFiles.lines(temp))).containsExactly("");
    }

    @Test
    void everySplitSizeGivesTheSameLines() throws Exception {
        Path file = write("a.txt", "\u20ac\n\n\uD83D\uDE00x\r\nlong enough to span some splits\nz");

        for (int splitBytes = 1; splitBytes < 50; splitBytes++) {
            assertThat(readAll(TextFiles.lines(file).splitSizeBytes(splitBytes)))
                    .as("split of %d bytes", splitBytes)
                    .containsExactly("\u20ac", "", "\uD83D\uDE00x", "long enough to span some splits", "z");
        }
    }

    @Test
    void directoriesAreReadInTheOrderOfNamesWithoutHiddenFiles() throws Exception {
        write("b.txt", "b");
        write("a.txt", "a");
        write(".hidden", "h");
        Files.createDirectory(temp.resolve("sub"));
        write("sub/c.txt", "c");
        Files.createDirectory(temp.resolve(".pending"));
        write(".pending/d.txt", "d");

        assertThat(readAll(TextFiles.lines(temp))).containsExactly("a", "b");
        assertThat(readAll(TextFiles.lines(temp).recursive())).containsExactly("a", "b", "c");
    }

    @Test
    void repeatReadsTheWholeInputThatOften() throws Exception {
        write("a.txt", "1\n2\n");
        write("b.txt", "3");

        assertThat(readAll(TextFiles.lines(temp).repeat(3)))
                .containsExactly("1", "2", "3", "1", "2", "3", "1", "2", "3");
    }

    @Test
    void theEnumeratorsStateDoesNotGrowWithRoundsOrSplits() throws Exception {
        write("a.txt", "x".repeat(1000));
        TextFiles source = TextFiles.lines(temp).splitSizeBytes(1).repeat(Long.MAX_VALUE);
        var context = new TestContexts.Enumerator<FileSplit>(1);
        var enumerator = source.enumerator(context, null);
        enumerator.start();
        context.background.runAll();
        for (int i = 0; i < 2500; i++) {
            enumerator.splitRequested(0);
        }

        FileCursor cursor = enumerator.snapshot(1);
        assertThat(cursor.files()).hasSize(1);
        assertThat(cursor.returned()).isEmpty();
        assertThat(cursor.round()).isEqualTo(2);
        assertThat(cursor.startByte()).isEqualTo(500);
    }

    @Test
    void gzipOfSeveralMembersIsReadToItsEnd() throws Exception {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(gzip("one\ntw"));
        both.writeBytes(gzip("o\nthree"));
        Files.write(temp.resolve("a.gz"), both.toByteArray());

        assertThat(readAll(TextFiles.lines(temp))).containsExactly("one", "two", "three");
    }

    @Test
    void aSplitThatWasReadToItsEndIsNotInTheSnapshot() throws Exception {
        Path file = write("a.txt", "one\ntwo\n");
        var context = new TestContexts.Operator(0, 1);
        SourceReader<String, FileSplit> reader = TextFiles.lines(file).reader(context);
        reader.addSplits(List.of(splitOf(file, 0)));
        List<String> lines = new ArrayList<>();
        context.background.runAll();
        reader.read(lines::add, 1);
        assertThat(reader.snapshot(1)).containsExactly(splitOf(file, 4));
        assertThat(reader.position()).isEqualTo(file + ", byte 0");
        reader.read(lines::add, 1);

        assertThat(lines).containsExactly("one", "two");
        assertThat(reader.snapshot(2)).isEmpty();
        assertThat(reader.position()).isEqualTo(file + ", byte 4");
    }

    @Test
    void theNextSplitIsRequestedOnceAllOfTheCurrentOneWasFetched() throws Exception {
        Path file = write("a.txt", "one\n".repeat(1000));
        var context = new TestContexts.Operator(0, 1);
        SourceReader<String, FileSplit> reader =
                TextFiles.lines(file).chunkBytes(100).reader(context);
        reader.addSplits(List.of(splitOf(file, 0)));
        context.background.runAll();
        assertThat(reader.read(line -> {}, 10)).isEqualTo(SourceReader.Status.MORE);
        assertThat(context.requests).isZero();
        for (int i = 0; i < 200; i++) {
            context.background.runAll();
            reader.read(line -> {}, 10);
        }

        assertThat(context.requests).isEqualTo(1);
        assertThat(reader.read(line -> {}, 10)).isEqualTo(SourceReader.Status.NOTHING_NOW);
        reader.noMoreSplits();
        assertThat(reader.read(line -> {}, 10)).isEqualTo(SourceReader.Status.END);
    }

    @Test
    void littleMoreThanTheRangeIsFetched() throws Exception {
        Path lines = write("lines.txt", "one\n".repeat(10_000));
        assertThat(callsToRead(lines, 4_000, 4_400)).isLessThanOrEqualTo(6);
        // No line begins in the range: the search ends with it.
        Path oneLine = write("line.txt", "x".repeat(40_000));
        assertThat(callsToRead(oneLine, 4_000, 4_400)).isLessThanOrEqualTo(6);
    }

    private static int callsToRead(Path file, long start, long end) throws Exception {
        var context = new TestContexts.Operator(0, 1);
        SourceReader<String, FileSplit> reader =
                TextFiles.lines(file).chunkBytes(100).reader(context);
        long modifiedMs = Files.getLastModifiedTime(file).toMillis();
        reader.addSplits(List.of(new FileSplit("", false, Files.size(file), modifiedMs, 0, start, end, start)));
        reader.noMoreSplits();
        while (reader.read(line -> {}, 1_000) != SourceReader.Status.END) {
            context.background.runAll();
        }
        return context.background.calls;
    }

    @Test
    void gzipGoesOnAtAnyPosition() throws Exception {
        String content = "\n\none\n\ntwo\nthree";
        Path file = temp.resolve("a.gz");
        Files.write(file, gzip(content));
        for (int position : new int[] {0, 1, 2, 6, 7, 11}) {
            var context = new TestContexts.Operator(0, 1);
            SourceReader<String, FileSplit> reader = TextFiles.lines(file).reader(context);
            reader.addSplits(List.of(gzipSplitOf(file, position)));
            context.background.runAll();
            List<String> lines = new ArrayList<>();
            reader.read(lines::add, 100);

            assertThat(lines).isEqualTo(content.substring(position).lines().toList());
        }
    }

    @Test
    void aGzipReadThatComesAfterTheCloseOpensNothing() throws Exception {
        GzipInput input = new GzipInput(temp.resolve("not-there.gz"), new InputFile("", 1, 1));
        input.close();

        Chunk chunk = input.read(0, 10, new byte[10]);
        assertThat(chunk.length()).isZero();
        assertThat(chunk.last()).isTrue();
    }

    @Test
    void latin1IsReadByteForByte() throws Exception {
        Path file = temp.resolve("a.txt");
        Files.write(file, "caf\u00e9\n\u00fc".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(readAll(TextFiles.lines(file).charset(StandardCharsets.ISO_8859_1)))
                .containsExactly("caf\u00e9", "\u00fc");
    }

    @Test
    void malformedUtf8IsAnErrorUnlessItIsReplaced() throws Exception {
        Path file = temp.resolve("a.txt");
        Files.write(file, new byte[] {'o', 'k', '\n', 'c', (byte) 0xE9, '\n', (byte) 0xEF, (byte) 0xBF, (byte) 0xBD});

        assertThatError("HF-FIL-006", () -> readAll(TextFiles.lines(file)))
                .isEqualTo("HF-FIL-006: the line at " + file
                        + ", byte 3 is not UTF-8: Input length = 1. Name the right charset"
                        + " with TextFiles.charset, or use replaceMalformed() to read on with U+FFFD in place of such"
                        + " bytes.");
        assertThat(readAll(TextFiles.lines(file).replaceMalformed())).containsExactly("ok", "c\uFFFD", "\uFFFD");
        // The character itself is no error.
        Files.write(file, new byte[] {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD});
        assertThat(readAll(TextFiles.lines(file))).containsExactly("\uFFFD");
    }

    @Test
    void aLineOverTheLimitIsAnError() throws Exception {
        Path file = write("a.txt", "12345\r\n123456\n");

        for (int chunkBytes = 1; chunkBytes < 20; chunkBytes++) {
            TextFiles source = TextFiles.lines(file).chunkBytes(chunkBytes);
            assertThat(readAll(source.maxLineBytes(6))).containsExactly("12345", "123456");
            assertThatError("HF-FIL-005", () -> readAll(source.maxLineBytes(5)))
                    .isEqualTo("HF-FIL-005: the line at " + file
                            + ", byte 7 has more than 5 bytes. Check that the file is text"
                            + " with line ends, or raise TextFiles.maxLineBytes.");
        }
    }

    @Test
    void aMissingInputIsAnErrorAtTheStart() {
        Path file = temp.resolve("nothing.txt");

        assertThatError("HF-FIL-001", () -> readAll(TextFiles.lines(file)))
                .isEqualTo("HF-FIL-001: input path " + file
                        + " does not exist; expected a file or a directory. Check the path,"
                        + " and that every machine of the job sees it.");
    }

    @Test
    void anInputBelowAFileIsMissingToo() throws Exception {
        Path file = write("a.txt", "one\n").resolve("below");

        assertThatError("HF-FIL-001", () -> readAll(TextFiles.lines(file)))
                .startsWith("HF-FIL-001: input path " + file + " does not exist;");
    }

    /** A loop of links stands for all errors of a file system that somebody, or time, may mend. */
    @Test
    void anInputThatCannotBeLookedAtIsLeftToTheRestartStrategy() throws Exception {
        Path loop = Files.createSymbolicLink(temp.resolve("loop"), temp.resolve("loop"));

        assertThatThrownBy(() -> readAll(TextFiles.lines(loop))).isInstanceOf(FileSystemException.class);
    }

    @Test
    void aDirectoryOfDirectoriesIsAnErrorAndAnEmptyOneIsNot() throws Exception {
        assertThat(readAll(TextFiles.lines(temp).repeat(5))).isEmpty();
        Files.createDirectory(temp.resolve("sub"));

        assertThatError("HF-FIL-002", () -> readAll(TextFiles.lines(temp)))
                .isEqualTo("HF-FIL-002: input directory " + temp
                        + " holds no text, only 1 directories. Use recursive() to read" + " the files below them.");
    }

    @Test
    void aDeviceIsNoInput() {
        assertThatError("HF-FIL-002", () -> readAll(TextFiles.lines(Path.of("/dev/null"))))
                .isEqualTo(
                        "HF-FIL-002: input path /dev/null is neither a file nor a directory; pipes and devices have no"
                                + " positions to come back to. Give a file or a directory.");
    }

    @Test
    void aFileThatIsGoneAfterTheRestoreIsAnErrorForReaderAndEnumerator() throws Exception {
        Path file = write("a.txt", "one\ntwo\n");
        FileSplit split = splitOf(file, 4);
        Files.delete(file);

        String text = "HF-FIL-003: input file " + file
                + " is gone; expected it with 8 bytes, modified 2024-05-06T07:08:09Z as"
                + " listed when the job first started. Put it back, or start the job anew without its checkpoint.";
        assertThatError("HF-FIL-003", () -> readSplit(file, split)).isEqualTo(text);
        assertThatError("HF-FIL-003", () -> restoreEnumerator(file, split.inputFile()))
                .isEqualTo(text);
    }

    @Test
    void aFileThatWasChangedAfterTheCheckpointIsAnErrorForReaderAndEnumerator() throws Exception {
        Path file = write("a.txt", "one\ntwo\n");
        FileSplit split = splitOf(file, 4);
        Files.writeString(file, "one\ntwo\nthree\n");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_800_000_000_000L));

        String text =
                "HF-FIL-004: input file " + file + " has changed since it was listed when the job first started: found"
                        + " 14 bytes, modified 2027-01-15T08:00:00Z, expected 8 bytes, modified 2024-05-06T07:08:09Z. Positions in it"
                        + " no longer mean the same lines. Put the old file back (with its time of modification), or start the job"
                        + " anew without its checkpoint.";
        assertThatError("HF-FIL-004", () -> readSplit(file, split)).isEqualTo(text);
        assertThatError("HF-FIL-004", () -> restoreEnumerator(file, split.inputFile()))
                .isEqualTo(text);
    }

    @Test
    void aFileOfTheSameSizeWithAnotherTimeIsNoLongerTheSame() throws Exception {
        Path file = write("a.txt", "one\ntwo\n");
        FileSplit split = splitOf(file, 4);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_800_000_000_000L));

        assertThatError("HF-FIL-004", () -> readSplit(file, split)).contains("8 bytes, modified 2027-01-15T08:00:00Z");
    }

    @Test
    void aFileThatIsChangedWhileItIsReadIsAnError() throws Exception {
        Path file = write("a.txt", "one\n".repeat(100));
        var context = new TestContexts.Operator(0, 1);
        SourceReader<String, FileSplit> reader =
                TextFiles.lines(file).chunkBytes(10).reader(context);
        reader.addSplits(List.of(splitOf(file, 0)));
        context.background.runAll();
        Files.writeString(file, "one\n".repeat(50));

        assertThatError("HF-FIL-004", () -> {
                    for (int i = 0; i < 100; i++) {
                        reader.read(line -> {}, 100);
                        context.background.runAll();
                    }
                })
                .contains("found 200 bytes");
    }

    @Test
    void aDamagedGzipFileIsAnError() throws Exception {
        byte[] packed = gzip("one\ntwo\n".repeat(1000));
        Path file = temp.resolve("a.gz");
        Files.write(file, Arrays.copyOf(packed, packed.length - 10));

        assertThatError("HF-FIL-007", () -> readAll(TextFiles.lines(file)))
                .startsWith("HF-FIL-007: gzip file " + file + " is damaged after unpacked byte ")
                .endsWith(" Check it with gzip -t; it may be cut short.");
        Files.writeString(file, "no gzip at all");
        assertThatError("HF-FIL-007", () -> readAll(TextFiles.lines(file)))
                .isEqualTo("HF-FIL-007: gzip file " + file
                        + " is damaged after unpacked byte 0: Not in GZIP format. Check it"
                        + " with gzip -t; it may be cut short.");
    }

    @Test
    void aGzipPositionBehindTheEndIsAnError() throws Exception {
        Path file = temp.resolve("a.gz");
        Files.write(file, gzip("one\n"));

        assertThatError("HF-FIL-004", () -> readSplit(file, gzipSplitOf(file, 10)))
                .startsWith("HF-FIL-004: input file " + file
                        + " has changed: found its end at unpacked byte 4, expected to go" + " on at byte 10.");
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        TextFiles source = TextFiles.lines(temp);
        assertThatThrownBy(() -> source.repeat(0)).hasMessage("repeat is 0, expected 1 or more");
        assertThatThrownBy(() -> source.splitSizeBytes(0)).hasMessage("splitSizeBytes is 0, expected 1 or more");
        assertThatThrownBy(() -> source.maxLineBytes(0)).hasMessage("maxLineBytes is 0, expected 1 to 1073741824");
        assertThatThrownBy(() -> source.charset(StandardCharsets.UTF_16))
                .hasMessage("charset is UTF-16, expected UTF-8 or ISO-8859-1");
    }

    private Path write(String name, String content) throws IOException {
        Path file = temp.resolve(name);
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2024-05-06T07:08:09Z")));
        return file;
    }

    private static byte[] gzip(String content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }

    private static FileSplit splitOf(Path file, long next) throws IOException {
        long size = Files.size(file);
        return new FileSplit("", false, size, Files.getLastModifiedTime(file).toMillis(), 0, 0, size, next);
    }

    private static FileSplit gzipSplitOf(Path file, long next) throws IOException {
        return new FileSplit(
                "", true, Files.size(file), Files.getLastModifiedTime(file).toMillis(), 0, 0, Long.MAX_VALUE, next);
    }

    private static void readSplit(Path file, FileSplit split) throws Exception {
        var context = new TestContexts.Operator(0, 1);
        SourceReader<String, FileSplit> reader = TextFiles.lines(file).reader(context);
        reader.addSplits(List.of(split));
        context.background.runAll();
    }

    private static void restoreEnumerator(Path file, InputFile listed) throws Exception {
        var context = new TestContexts.Enumerator<FileSplit>(1);
        TextFiles.lines(file)
                .enumerator(context, new FileCursor(true, List.of(listed), 0, 0, 4, List.of()))
                .start();
        context.background.runAll();
    }

    /** The lines in the order in which one reader reads them. */
    private static List<String> readAll(TextFiles source) throws Exception {
        SourceRun run = new SourceRun(source, 1, null, new Random(1));
        while (run.step()) {
            // Until the reader has ended.
        }
        run.close();
        return run.lines().stream().map(SourceRun.Read::line).toList();
    }

    private static AbstractStringAssert<?> assertThatError(String code, ThrowingCallable call) {
        Throwable error = catchThrowable(call);
        assertThat(error).as("no restart can help").isInstanceOf(UnrecoverableException.class);
        assertThat(((UnrecoverableException) error).code()).isEqualTo(code);
        return assertThat(error.getMessage());
    }
}
