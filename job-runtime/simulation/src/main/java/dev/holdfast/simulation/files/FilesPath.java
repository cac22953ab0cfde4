package dev.holdfast.simulation.files;

import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A name in a {@link FilesView}: parts with {@code /} between them. */
final class FilesPath implements Path {
    private final FilesView view;
    private final boolean absolute;
    private final List<String> parts;

    private FilesPath(FilesView view, boolean absolute, List<String> parts) {
        this.view = view;
        this.absolute = absolute;
        this.parts = List.copyOf(parts);
    }

    static FilesPath of(FilesView view, String text) {
        List<String> parts =
                Arrays.stream(text.split("/")).filter(part -> !part.isEmpty()).toList();
        return new FilesPath(view, text.startsWith("/"), parts);
    }

    /** The whole name, from the root. */
    String name() {
        return "/" + String.join("/", parts);
    }

    private FilesPath part(int from, int to) {
        return new FilesPath(view, absolute && from == 0, parts.subList(from, to));
    }

    @Override
    public FilesView getFileSystem() {
        return view;
    }

    @Override
    public boolean isAbsolute() {
        return absolute;
    }

    @Override
    public @Nullable Path getRoot() {
        return absolute ? new FilesPath(view, true, List.of()) : null;
    }

    @Override
    public @Nullable Path getFileName() {
        return parts.isEmpty() ? null : new FilesPath(view, false, List.of(parts.getLast()));
    }

    @Override
    public @Nullable Path getParent() {
        return parts.isEmpty() || (parts.size() == 1 && !absolute) ? null : part(0, parts.size() - 1);
    }

    @Override
    public int getNameCount() {
        return parts.size();
    }

    @Override
    public Path getName(int index) {
        return new FilesPath(view, false, List.of(parts.get(index)));
    }

    @Override
    public Path subpath(int begin, int end) {
        return new FilesPath(view, false, parts.subList(begin, end));
    }

    @Override
    public boolean startsWith(Path other) {
        return other instanceof FilesPath path
                && path.absolute == absolute
                && path.parts.size() <= parts.size()
                && parts.subList(0, path.parts.size()).equals(path.parts);
    }

    @Override
    public boolean endsWith(Path other) {
        return other instanceof FilesPath path
                && path.parts.size() <= parts.size()
                && parts.subList(parts.size() - path.parts.size(), parts.size()).equals(path.parts);
    }

    @Override
    public Path normalize() {
        List<String> normal = new ArrayList<>();
        for (String part : parts) {
            if (part.equals("..") && !normal.isEmpty()) {
                normal.removeLast();
            } else if (!part.equals(".")) {
                normal.add(part);
            }
        }
        return new FilesPath(view, absolute, normal);
    }

    @Override
    public Path resolve(Path other) {
        if (other.isAbsolute()) {
            return other;
        }
        List<String> all = new ArrayList<>(parts);
        other.forEach(part -> all.add(part.toString()));
        return new FilesPath(view, absolute, all);
    }

    @Override
    public Path relativize(Path other) {
        if (!other.startsWith(this)) {
            throw new IllegalArgumentException(other + " is not below " + this);
        }
        return other.subpath(parts.size(), other.getNameCount());
    }

    @Override
    public URI toUri() {
        return URI.create("simulated:" + name());
    }

    @Override
    public Path toAbsolutePath() {
        return new FilesPath(view, true, parts);
    }

    @Override
    public Path toRealPath(LinkOption... options) {
        return toAbsolutePath().normalize();
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException("simulated files cannot be watched");
    }

    @Override
    public int compareTo(Path other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FilesPath path
                && path.view == view
                && path.toString().equals(toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return absolute ? name() : String.join("/", parts);
    }
}
