package dev.holdfast.simulation.files;

import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Set;

/** The shared files as one process reaches them. */
public final class FilesView extends FileSystem {
    private final String process;
    private final FilesProvider provider;

    /**
     * What happens around each operation of the process.
     */
    public interface Door {
        /**
         * Called before an operation has its effect, and after it.
         *
         * @param what the operation, for the trace; empty for the way back
         * @throws java.io.IOException if the operation is to fail
         */
        void pass(String what) throws java.io.IOException;
    }

    /** @param process whose view it is */
    public FilesView(SharedFiles files, String process, Door door) {
        this.process = process;
        provider = new FilesProvider(files, door, this);
    }

    String process() {
        return process;
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("simulated files stay open");
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(getPath("/"));
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic");
    }

    @Override
    public Path getPath(String first, String... more) {
        return FilesPath.of(this, more.length == 0 ? first : first + "/" + String.join("/", more));
    }

    @Override
    public PathMatcher getPathMatcher(String pattern) {
        throw new UnsupportedOperationException("simulated files have no patterns");
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException("simulated files have no owners");
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException("simulated files cannot be watched");
    }
}
