package dev.holdfast.storage.directory;

import dev.holdfast.engine.env.ObjectKeys;
import dev.holdfast.engine.env.ObjectStore.Listed;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One listing of a directory tree in byte order of keys. Walks depth first; in each directory the names are sorted with a
 * '/' after those of directories, since that is what follows them in keys ({@code a-b} comes before {@code a/b}). Whole
 * subtrees are passed over where no key of theirs can have the prefix or come after {@code after}.
 */
final class Listing {
    private final Path root;
    private final String prefix;
    private final @Nullable String after;
    private final int max;
    private final List<Listed> listed = new ArrayList<>();

    Listing(Path root, String prefix, @Nullable String after, int max) {
        this.root = root;
        this.prefix = prefix;
        this.after = after;
        this.max = max;
    }

    List<Listed> run() throws IOException {
        String top = prefix.substring(0, prefix.lastIndexOf('/') + 1);
        walk(root.resolve(top), top);
        return List.copyOf(listed);
    }

    private void walk(Path directory, String key) throws IOException {
        TreeMap<String, Entry> entries = new TreeMap<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory)) {
            for (Path path : paths) {
                addEntry(entries, path, key);
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // It went away: so did what was in it.
            return;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        for (var entry : entries.entrySet()) {
            if (listed.size() == max) {
                return;
            }
            if (entry.getValue().isDirectory()) {
                walk(entry.getValue().path(), entry.getKey());
            } else {
                listed.add(new Listed(entry.getKey(), entry.getValue().sizeBytes()));
            }
        }
    }

    private void addEntry(TreeMap<String, Entry> entries, Path path, String parentKey) throws IOException {
        String name = path.getFileName().toString();
        if (!ObjectKeys.isKey(name)) {
            return;
        }
        String key = parentKey + name;
        // Both tests are worth it: reading the attributes of a file is most of the cost of a listing.
        if (!mayHavePrefix(key) || !mayComeAfter(key)) {
            return;
        }
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return;
        }
        if (attributes.isDirectory()) {
            if ((key + "/").startsWith(prefix) || prefix.startsWith(key + "/")) {
                entries.put(key + "/", new Entry(path, true, 0));
            }
        } else if (attributes.isRegularFile() && key.startsWith(prefix) && isAfter(key) && ObjectKeys.isKey(key)) {
            entries.put(key, new Entry(path, false, attributes.size()));
        }
    }

    private boolean mayHavePrefix(String key) {
        return key.startsWith(prefix) || prefix.startsWith(key);
    }

    /** Whether the key, or one below it as a directory, can come after {@code after}. */
    private boolean mayComeAfter(String key) {
        return after == null || isAfter(key) || after.startsWith(key) || isAfter(key + "/");
    }

    private boolean isAfter(String key) {
        return after == null || key.compareTo(after) > 0;
    }

    private record Entry(Path path, boolean isDirectory, long sizeBytes) {}
}
