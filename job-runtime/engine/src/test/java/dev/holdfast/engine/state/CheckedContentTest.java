package dev.holdfast.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.env.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class CheckedContentTest {
    private static final byte[] BYTES = "what was written".getBytes(StandardCharsets.UTF_8);

    private static CheckedContent of(byte[] found) {
        CRC32C crc = new CRC32C();
        crc.update(BYTES);
        return new CheckedContent(Content.of(found), (int) crc.getValue(), "kept/file");
    }

    @Test
    void givesAFileThatIsWhatWasWritten() throws IOException {
        try (InputStream in = of(BYTES).open()) {
            assertThat(in.readAllBytes()).isEqualTo(BYTES);
        }
        try (InputStream in = of(BYTES).open()) {
            for (byte expected : BYTES) {
                assertThat((byte) in.read()).isEqualTo(expected);
            }
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    /** Whoever counts bytes, as an upload does, never gets all of them. */
    @Test
    void doesNotGiveTheLastBytesOfADamagedFile() throws IOException {
        for (int damaged = 0; damaged < BYTES.length; damaged++) {
            byte[] found = BYTES.clone();
            found[damaged] ^= 4;
            int given = 0;
            try (InputStream in = of(found).open()) {
                assertThatThrownBy(() -> {
                            byte[] some = new byte[5];
                            while (in.read(some, 0, some.length) >= 0) {}
                        })
                        .hasMessageStartingWith("HF-STA-026: local file 'kept/file' is damaged: found checksum ");
            }
            try (InputStream in = of(found).open()) {
                for (; given < BYTES.length - 1; given++) {
                    assertThat(in.read()).isNotNegative();
                }
                assertThatThrownBy(in::read).hasMessageContaining("HF-STA-026");
            }
        }
    }
}
