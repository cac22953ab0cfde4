package dev.holdfast.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;

/** RocksDB's native library. */
final class NativeLibrary {
    private NativeLibrary() {}

    /** Unpacks the library where it goes away with the process; by itself RocksDB leaves one in /tmp for each kill. */
    static Path load(Path directory) {
        try {
            Files.createDirectories(directory);
            NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
            return directory;
        } catch (IOException | UnsatisfiedLinkError e) {
            throw ConfigurationErrors.workDirectory(
                    directory.toString(), "the native library of RocksDB cannot be loaded from it: " + e, e);
        }
    }
}
