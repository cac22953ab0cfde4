package dev.holdfast.connector.files;

import java.io.IOException;

/** Where the chunks of one split come from. One read at a time; {@link #close} may come from another thread meanwhile. */
sealed interface SplitInput permits PlainInput, GzipInput {

    /** Fills {@code into} from {@code offset} on, up to {@code length} bytes or the end of the file. Blocks. */
    Chunk read(long offset, int length, byte[] into) throws IOException;

    /** Does not block. */
    void close() throws IOException;
}
