package dev.holdfast.connector.files;

import dev.holdfast.api.Output;
import dev.holdfast.api.connector.ReaderContext;
import dev.holdfast.api.connector.SourceReader;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one split after the other. While the last chunks of one are read, the next one's are being fetched already, and
 * when there is no next one, it is asked for: never earlier, so that no reader hoards what another could read.
 */
final class LineReader implements SourceReader<String, FileSplit> {
    private final Path input;
    private final LineFormat format;
    private final ReaderContext context;
    private final ArrayDeque<FileSplit> waiting = new ArrayDeque<>();
    private final ArrayDeque<byte[]> spareBuffers = new ArrayDeque<>();

    private @Nullable SplitLines open;
    private @Nullable SplitLines next;
    private String lastPosition = "before the first line";
    /** The engine asks for the first split of a reader that starts without one. */
    private boolean requested = true;

    private boolean noMore;

    LineReader(Path input, LineFormat format, ReaderContext context) {
        this.input = input;
        this.format = format;
        this.context = context;
    }

    @Override
    public void addSplits(List<FileSplit> splits) {
        waiting.addAll(splits);
        if (!splits.isEmpty()) {
            requested = false;
        }
        lookAhead();
    }

    @Override
    public void noMoreSplits() {
        noMore = true;
    }

    @Override
    public Status read(Output<String> out, int max) throws Exception {
        int emitted = 0;
        while (emitted < max) {
            SplitLines current = current();
            if (current == null) {
                return noMore ? Status.END : Status.NOTHING_NOW;
            }
            int count = current.read(out, max - emitted);
            emitted += count;
            if (current.finished()) {
                lastPosition = current.position();
                current.close();
                open = null;
            } else if (emitted < max) {
                return Status.NOTHING_NOW;
            }
        }
        return Status.MORE;
    }

    private @Nullable SplitLines current() {
        if (open == null) {
            lookAhead();
            open = next;
            next = null;
            lookAhead();
        }
        return open;
    }

    /** Opens the next split if all of the current one was fetched; asks for one if there is none. */
    private void lookAhead() {
        if (next != null || (open != null && !open.allFetched())) {
            return;
        }
        FileSplit split = waiting.poll();
        if (split != null) {
            next = new SplitLines(input, split, format, context.background(), spareBuffers, this::lookAhead);
            next.fetchAhead();
        } else if (!requested && !noMore) {
            requested = true;
            context.requestSplit();
        }
    }

    @Override
    public List<FileSplit> snapshot(long checkpointId) {
        List<FileSplit> splits = new ArrayList<>();
        add(splits, open);
        add(splits, next);
        splits.addAll(waiting);
        return List.copyOf(splits);
    }

    private static void add(List<FileSplit> splits, @Nullable SplitLines lines) {
        FileSplit split = lines == null ? null : lines.snapshot();
        if (split != null) {
            splits.add(split);
        }
    }

    @Override
    public String position() {
        return open == null ? lastPosition : open.position();
    }

    @Override
    public void close() throws Exception {
        try {
            if (open != null) {
                open.close();
            }
        } finally {
            if (next != null) {
                next.close();
            }
        }
    }
}
