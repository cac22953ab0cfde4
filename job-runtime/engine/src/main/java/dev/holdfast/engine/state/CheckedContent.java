package dev.holdfast.engine.state;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Content;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;

/**
 * A local file on its way to the bucket. Its last bytes are handed out only if the whole is what was written to it: what a disk has
 * damaged meanwhile must not become part of a checkpoint.
 *
 * @param content of the file
 * @param crc32c what it was when it was written
 * @param file for errors
 */
record CheckedContent(Content content, int crc32c, String file) implements Content {
    @Override
    public long sizeBytes() {
        return content.sizeBytes();
    }

    /** The stream throws HF-STA-026 in the place of the last bytes of a damaged file. */
    @Override
    public InputStream open() throws IOException {
        return new Checked(content.open());
    }

    /** The error for a local file that is not what was written. */
    static HoldfastException damaged(String file, int expected, int found) {
        return new HoldfastException(
                "HF-STA-026",
                String.format(
                        "local file '%s' is damaged: found checksum %08x, expected %08x. Nothing is lost: the tasks start again from"
                                + " the last checkpoint. Look for a failing disk if it happens again.",
                        file, found, expected));
    }

    private final class Checked extends FilterInputStream {
        private final CRC32C crc = new CRC32C();
        private long doneBytes;

        Checked(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int n = in.read(into, offset, length);
            if (n > 0) {
                crc.update(into, offset, n);
                doneBytes += n;
                if (doneBytes == sizeBytes() && (int) crc.getValue() != crc32c) {
                    throw damaged(file, crc32c, (int) crc.getValue());
                }
            }
            return n;
        }
    }
}
