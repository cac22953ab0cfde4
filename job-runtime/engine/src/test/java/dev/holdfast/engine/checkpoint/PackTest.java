package dev.holdfast.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import dev.holdfast.engine.graph.KeyGroupRange;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PackTest {
    private final MemoryObjectStore bucket = new MemoryObjectStore();

    private byte[] pack() throws IOException {
        PackWriter pack = new PackWriter("p");
        pack.append("splits 0", new byte[] {1, 2, 3});
        pack.append("nothing", new byte[0]);
        pack.append("streamed", Content.of(new byte[100_000]));
        pack.appendSegment(
                "segment", Content.of(new byte[] {9}), 77, Segment.Format.ENTRIES, new KeyGroupRange(0, 3), 1);
        Content content = pack.finish();
        try (InputStream in = content.open()) {
            byte[] bytes = in.readAllBytes();
            assertThat(bytes).hasSize((int) content.sizeBytes());
            return bytes;
        }
    }

    @Test
    void sectionsAreFoundByTheIndexAsTheyWereAppended() throws IOException {
        byte[] bytes = pack();
        bucket.put("k", Content.of(bytes));
        PackReader reader = PackReader.open(bucket, "k", "p", bytes.length);
        assertThat(reader.sections())
                .extracting(PackReader.Section::name)
                .containsExactly("splits 0", "nothing", "streamed", "segment");
        Slice splits = reader.sections().getFirst().slice();
        assertThat(bucket.getRange("k", splits.offset(), (int) splits.length())).containsExactly(1, 2, 3);
        assertThat(reader.sections().get(2).slice().crc32c()).isEqualTo(Checksums.crc32c(new byte[100_000]));
        assertThat(reader.sections().getLast().slice().crc32c()).isEqualTo(77);
    }

    @Test
    void theContentCanBeReadByteByByteAndMoreThanOnce() throws IOException {
        PackWriter pack = new PackWriter("p");
        pack.append("a", new byte[] {1, -1});
        pack.append("b", Content.of(new byte[] {3}));
        Content content = pack.finish();
        byte[] whole = content.open().readAllBytes();
        InputStream in = content.open();
        for (byte expected : whole) {
            assertThat(in.read()).isEqualTo(expected & 0xFF);
        }
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void anyDamageOutsideOfSectionsIsNoticedAndNamed() throws IOException {
        byte[] sound = pack();
        for (int i = 0; i < sound.length; i++) {
            boolean inSection = i >= PackWriter.HEAD.length && i < PackWriter.HEAD.length + 100_004;
            if (inSection) {
                continue;
            }
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = sound.clone();
                flipped[i] ^= (byte) (1 << bit);
                bucket.put("k", Content.of(flipped));
                assertThatThrownBy(() -> PackReader.open(bucket, "k", "p", flipped.length))
                        .as("byte %s bit %s", i, bit)
                        .isInstanceOf(SnapshotException.class)
                        .hasMessageContaining("object 'k' is damaged")
                        .hasMessageContaining("of pack: expected ");
            }
        }
    }

    @Test
    void aPackThatWasCutShortIsNoticed() throws IOException {
        byte[] sound = pack();
        for (int length = 0; length < sound.length; length += length > 20 && length < sound.length - 200 ? 997 : 1) {
            byte[] cut = Arrays.copyOf(sound, length);
            bucket.put("k", Content.of(cut));
            assertThatThrownBy(() -> PackReader.open(bucket, "k", "p", cut.length))
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageContaining("object 'k' is damaged");
        }
        assertThatThrownBy(() -> PackReader.open(bucket, "gone", "p", 100))
                .hasMessageContaining("object 'gone' is missing; it is needed for its head of pack");
    }

    @Test
    void aSectionThatCannotBeReadFailsTheUpload() {
        PackWriter pack = new PackWriter("p");
        pack.append(
                "file",
                new Content() {
                    @Override
                    public long sizeBytes() {
                        return 5;
                    }

                    @Override
                    public InputStream open() throws IOException {
                        throw new IOException("the file is gone");
                    }
                },
                1);
        assertThatThrownBy(() -> pack.finish().open().readAllBytes()).hasMessage("the file is gone");
    }
}
