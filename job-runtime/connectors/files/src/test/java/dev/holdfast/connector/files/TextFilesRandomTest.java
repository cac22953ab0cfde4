package dev.holdfast.connector.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random files, ranges and schedules: each line is read once, in the order of its range, over restores of any width. */
class TextFilesRandomTest {
    private static final int TRIALS = 600;

    @TempDir
    Path temp;

    private int directories;

    @Test
    void everyLineIsReadOnceOverRandomRestores() throws Exception {
        Seeds.each(TRIALS, this::trial);
    }

    private void trial(Random random) throws Exception {
        Path input = Files.createDirectory(temp.resolve("in" + directories++));
        List<SourceRun.Read> expected = new ArrayList<>();
        int rounds = 1 + random.nextInt(3);
        int files = random.nextInt(4);
        for (int i = 0; i < files; i++) {
            writeFile(input.resolve("f" + i + (random.nextInt(3) == 0 ? ".gz" : ".txt")), rounds, random, expected);
        }
        long splitBytes = 1 + random.nextInt(random.nextBoolean() ? 10 : 300);
        TextFiles source = TextFiles.lines(input)
                .repeat(rounds)
                .splitSizeBytes(splitBytes)
                .chunkBytes(1 + random.nextInt(random.nextBoolean() ? 10 : 200));

        SourceRun run = new SourceRun(source, 1 + random.nextInt(4), null, random);
        SourceRun.Checkpoint last = null;
        int restores = random.nextInt(6);
        for (int id = 1; run.step(); id++) {
            if (random.nextInt(20) == 0) {
                last = run.checkpoint(id);
            }
            if (last != null && restores > 0 && random.nextInt(60) == 0) {
                restores--;
                run.close();
                run = new SourceRun(source, 1 + random.nextInt(4), last, random);
            }
        }
        assertThat(run.checkpoint(99).readers()).allMatch(List::isEmpty);
        run.close();
        assertThat(run.lines()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(run.mostCallsOfAReader()).isLessThanOrEqualTo(2);
        checkOrder(run.lines(), splitBytes);
    }

    /** Lines of one range must come by their place. */
    private static void checkOrder(List<SourceRun.Read> lines, long splitBytes) {
        Map<String, Long> lastOf = new HashMap<>();
        for (SourceRun.Read read : lines) {
            String[] parts = read.position().split("byte ")[1].split(",", 2);
            long offset = Long.parseLong(parts[0]);
            String range = read.position().replace("byte " + parts[0], "")
                    + (read.position().contains("unpacked") ? 0 : offset / splitBytes);
            Long before = lastOf.put(range, offset);
            assertThat(before == null || before < offset).as(read.position()).isTrue();
        }
    }

    private static void writeFile(Path file, int rounds, Random random, List<SourceRun.Read> expected)
            throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        int lines = random.nextInt(30);
        for (int i = 0; i < lines; i++) {
            int offset = content.size();
            String line = randomLine(random);
            content.writeBytes(line.getBytes(StandardCharsets.UTF_8));
            boolean ended = i + 1 < lines || random.nextBoolean();
            if (ended) {
                content.writeBytes((random.nextInt(4) == 0 ? "\r\n" : "\n").getBytes(StandardCharsets.US_ASCII));
            } else if (line.isEmpty()) {
                continue;
            }
            for (int round = 0; round < rounds; round++) {
                expected.add(new SourceRun.Read(
                        file
                                + (file.toString().endsWith(".gz") ? ", unpacked byte " : ", byte ")
                                + offset
                                + (round > 0 ? ", round " + (round + 1) : ""),
                        line));
            }
        }
        try (OutputStream out = file.toString().endsWith(".gz")
                ? new GZIPOutputStream(Files.newOutputStream(file))
                : Files.newOutputStream(file)) {
            out.write(content.toByteArray());
        }
    }

    private static String randomLine(Random random) {
        String alphabet = "ab \r\u00e4\u20ac\uD83D\uDE00";
        StringBuilder line = new StringBuilder();
        int length = random.nextInt(random.nextInt(8) == 0 ? 200 : 12);
        for (int i = 0; i < length; i++) {
            int c = alphabet.codePointAt(
                    alphabet.offsetByCodePoints(0, random.nextInt(alphabet.codePointCount(0, alphabet.length()))));
            line.appendCodePoint(c);
        }
        // A CR at the end would belong to the line end.
        return line.toString().endsWith("\r") ? line + "." : line.toString();
    }
}
