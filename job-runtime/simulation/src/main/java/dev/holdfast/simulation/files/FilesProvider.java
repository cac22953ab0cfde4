package dev.holdfast.simulation.files;

import dev.holdfast.simulation.files.SharedFiles.Node;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Does what {@code java.nio.file.Files} asks of simulated files. */
final class FilesProvider extends FileSystemProvider {
    private final SharedFiles files;
    private final FilesView.Door door;
    private final FilesView view;

    FilesProvider(SharedFiles files, FilesView.Door door, FilesView view) {
        this.files = files;
        this.door = door;
        this.view = view;
    }

    /** An effect between the way there and the way back. */
    interface Effect<T> {
        T happen() throws IOException;
    }

    <T> T operation(String what, Effect<T> effect) throws IOException {
        door.pass(what);
        T result = effect.happen();
        door.pass("");
        return result;
    }

    private static String name(Path path) {
        return ((FilesPath) path.toAbsolutePath().normalize()).name();
    }

    @Override
    public String getScheme() {
        return "simulated";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
        throw new UnsupportedOperationException("simulated files are made by their world");
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return view;
    }

    @Override
    public Path getPath(URI uri) {
        return view.getPath(uri.getPath());
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        String name = name(path);
        return operation("open " + name, () -> {
            boolean makes = options.contains(StandardOpenOption.CREATE_NEW)
                    || (options.contains(StandardOpenOption.CREATE) && !isThere(name));
            Node node = makes ? files.create(name, false) : files.existing(name);
            return new NodeChannel(this, view.process(), files, name, node, options.contains(StandardOpenOption.WRITE));
        });
    }

    private boolean isThere(String name) {
        try {
            files.existing(name);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        String name = name(directory);
        List<Path> entries = operation("list " + name, () -> files.list(name)).stream()
                .map(view::getPath)
                .toList();
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return entries.iterator();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        String name = name(directory);
        operation("mkdir " + name, () -> files.create(name, true));
    }

    @Override
    public void delete(Path path) throws IOException {
        String name = name(path);
        operation("unlink " + name, () -> {
            files.delete(name);
            return name;
        });
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new UnsupportedOperationException("simulated files are not copied");
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        String from = name(source);
        String to = name(target);
        operation("rename " + from + " to " + to, () -> {
            boolean replaces = Arrays.asList(options).contains(StandardCopyOption.ATOMIC_MOVE)
                    || Arrays.asList(options).contains(StandardCopyOption.REPLACE_EXISTING);
            if (!replaces && isThere(to)) {
                throw new FileAlreadyExistsException(to);
            }
            files.rename(from, to);
            return to;
        });
    }

    @Override
    public boolean isSameFile(Path one, Path other) {
        return name(one).equals(name(other));
    }

    @Override
    public boolean isHidden(Path path) {
        return String.valueOf(path.getFileName()).startsWith(".");
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw new UnsupportedOperationException("simulated files have no store");
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        String name = name(path);
        operation("access " + name, () -> files.existing(name));
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        return null;
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        String name = name(path);
        Node node = operation("stat " + name, () -> files.existing(name));
        return type.cast(new Attributes(node.isDirectory(), node.bytes().length));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
        throw new UnsupportedOperationException("simulated files have basic attributes only");
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw new UnsupportedOperationException("simulated files have fixed attributes");
    }

    private record Attributes(boolean isDirectory, long size) implements BasicFileAttributes {
        private static final FileTime TIME = FileTime.fromMillis(0);

        @Override
        public FileTime lastModifiedTime() {
            return TIME;
        }

        @Override
        public FileTime lastAccessTime() {
            return TIME;
        }

        @Override
        public FileTime creationTime() {
            return TIME;
        }

        @Override
        public boolean isRegularFile() {
            return !isDirectory;
        }

        @Override
        public boolean isSymbolicLink() {
            return false;
        }

        @Override
        public boolean isOther() {
            return false;
        }

        @Override
        public @Nullable Object fileKey() {
            return null;
        }
    }
}
