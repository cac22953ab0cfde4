package dev.holdfast.storage.s3;

import dev.holdfast.engine.env.Content;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import software.amazon.awssdk.core.sync.RequestBody;

/** Contents as bodies of requests: read anew for each try, checked for their length. */
final class Bodies {
    private static final String ANY_BYTES = "application/octet-stream";

    private Bodies() {}

    static RequestBody of(Content content) {
        return part(content, 0, content.sizeBytes(), true);
    }

    /** Part of a content. Its end is checked only if it is the content's: the others are followed by more. */
    static RequestBody part(Content content, long offset, long sizeBytes, boolean isLast) {
        return RequestBody.fromContentProvider(() -> open(content, offset, sizeBytes, isLast), sizeBytes, ANY_BYTES);
    }

    private static InputStream open(Content content, long offset, long sizeBytes, boolean isLast) {
        try {
            InputStream in = content.open();
            try {
                in.skipNBytes(offset);
                Checked checked = new Checked(in, content.sizeBytes(), sizeBytes, isLast);
                checked.checkEnd();
                return checked;
            } catch (IOException e) {
                in.close();
                throw e;
            }
        } catch (UnreadableContent e) {
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(UnreadableContent.broken(e));
        }
    }

    /** Ends after a number of bytes, and fails where the content ends before that or goes on after it. */
    private static final class Checked extends FilterInputStream {
        private final long contentBytes;
        private final boolean isLast;
        private long leftBytes;
        private long readBytes;

        Checked(InputStream in, long contentBytes, long sizeBytes, boolean isLast) {
            super(in);
            this.contentBytes = contentBytes;
            this.leftBytes = sizeBytes;
            this.isLast = isLast;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                if (length == 0) {
                    return 0;
                }
                if (leftBytes == 0) {
                    return -1;
                }
                int read = in.read(bytes, offset, (int) Math.min(length, leftBytes));
                if (read < 0) {
                    throw UnreadableContent.wrongLength(contentBytes, readBytes + " of this part");
                }
                leftBytes -= read;
                readBytes += read;
                checkEnd();
                return read;
            } catch (UnreadableContent e) {
                throw e;
            } catch (IOException e) {
                throw UnreadableContent.broken(e);
            }
        }

        /** Called with the last byte, since nobody asks for more than the header promised. */
        void checkEnd() throws IOException {
            if (leftBytes == 0 && isLast && in.read() >= 0) {
                throw UnreadableContent.wrongLength(contentBytes, "more");
            }
        }

        @Override
        public long skip(long bytes) throws IOException {
            long skipped = in.skip(Math.min(bytes, leftBytes));
            leftBytes -= skipped;
            readBytes += skipped;
            return skipped;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
