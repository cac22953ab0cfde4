package dev.holdfast.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.checkpoint.Segment;
import dev.holdfast.engine.env.simulated.MemoryDisk;
import dev.holdfast.engine.graph.KeyGroupRange;
import dev.holdfast.engine.state.LocalSegments.Key;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class LocalSegmentsTest {
    private final MemoryDisk disk = new MemoryDisk();
    private final LaterCalls calls = new LaterCalls();
    private final LocalSegments local = new LocalSegments(disk, calls);

    @Test
    void whatACheckpointHoldsStaysUntilANewerOneIsComplete() throws IOException {
        local.restoring(List.of());
        Key first = hold(1, "a");
        local.completed(1);
        Key second = hold(2, "b");

        assertThat(local.link(first, "copy-a")).isTrue();
        assertThat(local.link(second, "copy-b")).isTrue();
        local.completed(2);
        runCalls();

        assertThat(local.link(first, "again")).isFalse();
        assertThat(disk.list("kept")).hasSize(1);
        assertThat(disk.read("copy-a")).isEqualTo(bytes("a"));
    }

    @Test
    void whatIsUploadedWhileAnotherCompletesStays() throws IOException {
        local.restoring(List.of());
        hold(1, "a");
        Key second = hold(2, "b");

        local.completed(1);
        runCalls();

        assertThat(local.link(second, "copy")).isTrue();
    }

    @Test
    void whatOnlyAnAbortedCheckpointHeldGoes() throws IOException {
        local.restoring(List.of());
        Key first = hold(1, "a");
        Key second = hold(2, "b");

        local.aborted(2);
        runCalls();

        assertThat(local.has(first)).isTrue();
        assertThat(local.has(second)).isFalse();
        assertThat(disk.list("kept")).hasSize(1);
    }

    /** A file of this disk was damaged: the others count again once they were compared, and a damaged one does not. */
    @Test
    void afterADamageEveryFileIsComparedBeforeItIsUsed() throws IOException {
        local.restoring(List.of());
        Key sound = hold(1, "sound");
        Key rotten = hold(1, "rotten");
        local.distrust();

        assertThat(local.has(sound)).isFalse();
        local.restoring(List.of(sound, rotten));
        disk.list("kept").stream()
                .filter(file -> Arrays.equals(disk.read(file), bytes("rotten")))
                .forEach(this::damage);
        assertThat(local.verify(sound)).isTrue();
        assertThat(local.link(sound, "copy")).isTrue();
        assertThat(local.verify(rotten)).isFalse();
    }

    private void damage(String file) {
        byte[] content = disk.read(file);
        content[0] ^= 1;
        try (OutputStream out = disk.create(file)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aRestoreDropsWhatItsCheckpointDoesNotHold() throws IOException {
        local.restoring(List.of());
        Key first = hold(1, "a");
        Key second = hold(2, "b");

        local.restoring(List.of(first));

        assertThat(local.has(first)).isTrue();
        assertThat(local.has(second)).isFalse();
        assertThat(disk.list("kept")).hasSize(1);
    }

    @Test
    void theNextProcessUsesFilesAfterTheirChecksumWasComparedAndDeletesTheRest() throws IOException {
        local.restoring(List.of());
        Key sound = hold(1, "a");
        Key damaged = hold(1, "b");
        Key stale = hold(1, "c");
        write("slot-0/7/segments/1", "x");
        write("library", "not ours");
        for (String file : disk.list("kept")) {
            if (disk.read(file)[0] == 'b') {
                write(file, "z");
            }
        }

        LocalSegments next = new LocalSegments(disk, calls);
        next.restoring(List.of(sound, damaged));

        assertThat(next.has(sound)).isFalse();
        assertThat(next.verify(sound)).isTrue();
        assertThat(next.has(sound)).isTrue();
        assertThat(next.link(sound, "copy")).isTrue();
        assertThat(next.verify(damaged)).isFalse();
        assertThat(next.verify(stale)).isFalse();
        assertThat(disk.list("kept")).hasSize(1);
        assertThat(disk.list("slot-0")).isEmpty();
        assertThat(disk.exists("library")).isTrue();
    }

    @Test
    void twoProcessesNeverWriteTheSameFile() throws IOException {
        local.restoring(List.of());
        Key key = hold(1, "a");
        LocalSegments next = new LocalSegments(disk, calls);
        next.restoring(List.of(key));

        assertThat(disk.exists(next.newFile(key))).isFalse();
    }

    private void runCalls() {
        while (calls.waiting() > 0) {
            calls.run(0);
        }
    }

    private Key hold(long checkpointId, String content) throws IOException {
        String file = "slot-0/1/" + content;
        write(file, content);
        byte[] bytes = bytes(content);
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        StateSegment segment = new StateSegment(
                disk, file, null, Segment.Format.ENTRIES, new KeyGroupRange(0, 1), bytes.length, 1, (int)
                        crc.getValue());
        Key key = new Key("job/runs/" + content, 0, bytes.length, (int) crc.getValue());
        local.hold(checkpointId, key, segment);
        disk.delete(file);
        return key;
    }

    private void write(String file, String content) throws IOException {
        try (OutputStream out = disk.create(file)) {
            out.write(bytes(content));
        }
    }

    private static byte[] bytes(String content) {
        return content.repeat(30_000).getBytes(StandardCharsets.UTF_8);
    }
}
