package dev.holdfast.connector.files;

import java.nio.charset.Charset;

/**
 * How bytes become lines.
 *
 * @param chunkBytes how much is fetched at once
 */
record LineFormat(Charset charset, int maxLineBytes, boolean replaceMalformed, int chunkBytes) {

    LineFormat charset(Charset newCharset) {
        return new LineFormat(newCharset, maxLineBytes, replaceMalformed, chunkBytes);
    }

    LineFormat maxLineBytes(int newMaxLineBytes) {
        return new LineFormat(charset, newMaxLineBytes, replaceMalformed, chunkBytes);
    }

    LineFormat replacingMalformed() {
        return new LineFormat(charset, maxLineBytes, true, chunkBytes);
    }

    LineFormat chunkBytes(int newChunkBytes) {
        return new LineFormat(charset, maxLineBytes, replaceMalformed, newChunkBytes);
    }
}
