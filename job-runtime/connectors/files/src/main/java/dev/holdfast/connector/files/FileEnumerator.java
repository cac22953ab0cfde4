package dev.holdfast.connector.files;

import dev.holdfast.api.connector.EnumeratorContext;
import dev.holdfast.api.connector.SplitEnumerator;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Deals out splits on request: those that came back first, then the next range of the listing, so that a fast reader gets
 * more of them. The ranges are cut when they are asked for; the state is a place in the listing.
 */
final class FileEnumerator implements SplitEnumerator<FileSplit, FileCursor> {
    private final EnumeratorContext<FileSplit> context;
    private final Listing listing;
    private final long splitSizeBytes;
    private final long rounds;

    private boolean listed;
    /** False until the listing was made, or that of the checkpoint was compared with what is there now. */
    private boolean ready;

    private List<InputFile> files;
    private long round;
    private int file;
    private long startByte;
    private final ArrayDeque<FileSplit> returned;
    private final Set<Integer> waiting = new LinkedHashSet<>();

    FileEnumerator(
            EnumeratorContext<FileSplit> context,
            Listing listing,
            long splitSizeBytes,
            long rounds,
            @Nullable FileCursor restored) {
        this.context = context;
        this.listing = listing;
        this.splitSizeBytes = splitSizeBytes;
        this.rounds = rounds;
        FileCursor cursor = restored == null ? FileCursor.unlisted() : restored;
        listed = cursor.listed();
        files = cursor.files();
        round = cursor.round();
        file = cursor.file();
        startByte = cursor.startByte();
        returned = new ArrayDeque<>(cursor.returned());
    }

    @Override
    public void start() {
        if (!listed) {
            context.background().run("list input " + listing.input(), listing::list, this::begin);
            return;
        }
        List<InputFile> toRead = filesToRead();
        context.background()
                .run(
                        "check the files of input " + listing.input(),
                        () -> {
                            listing.check(toRead);
                            return files;
                        },
                        this::begin);
    }

    private List<InputFile> filesToRead() {
        if (round >= rounds) {
            return List.of();
        }
        return round + 1 < rounds ? files : files.subList(Math.min(file, files.size()), files.size());
    }

    private void begin(List<InputFile> found) {
        files = List.copyOf(found);
        listed = true;
        ready = true;
        waiting.forEach(this::answer);
        waiting.clear();
    }

    @Override
    public void splitRequested(int reader) {
        if (ready) {
            answer(reader);
        } else {
            waiting.add(reader);
        }
    }

    @Override
    public void splitsReturned(List<FileSplit> splits) {
        returned.addAll(splits);
    }

    private void answer(int reader) {
        FileSplit split = returned.poll();
        if (split == null) {
            split = nextSplit();
        }
        if (split == null) {
            context.noMoreSplits(reader);
        } else {
            context.assign(reader, split);
        }
    }

    private @Nullable FileSplit nextSplit() {
        if (files.isEmpty()) {
            return null;
        }
        if (file == files.size()) {
            file = 0;
            round++;
        }
        if (round >= rounds) {
            return null;
        }
        InputFile next = files.get(file);
        boolean gzip = next.gzip(listing.input());
        long start = startByte;
        // Written so that it cannot overflow.
        boolean toTheEnd = gzip || next.sizeBytes() - start <= splitSizeBytes;
        long end = gzip ? Long.MAX_VALUE : toTheEnd ? next.sizeBytes() : start + splitSizeBytes;
        if (toTheEnd) {
            file++;
            startByte = 0;
        } else {
            startByte = end;
        }
        return new FileSplit(next.file(), gzip, next.sizeBytes(), next.modifiedMs(), round, start, end, start);
    }

    @Override
    public FileCursor snapshot(long checkpointId) {
        if (!listed) {
            return FileCursor.unlisted();
        }
        return new FileCursor(true, files, round, file, startByte, List.copyOf(returned));
    }
}
