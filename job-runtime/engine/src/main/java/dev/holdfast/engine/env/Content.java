package dev.holdfast.engine.env;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Bytes of a known length that can be read more than once, for tries of an upload. */
public interface Content {

    long sizeBytes();

    /** A fresh stream from the beginning; the caller closes it. */
    InputStream open() throws IOException;

    static Content of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    static Content of(byte[] bytes, int offset, int length) {
        return new Content() {
            @Override
            public long sizeBytes() {
                return length;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes, offset, length);
            }
        };
    }
}
