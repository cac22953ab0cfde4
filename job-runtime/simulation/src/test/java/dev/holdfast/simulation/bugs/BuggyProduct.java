package dev.holdfast.simulation.bugs;

import dev.holdfast.api.Output;
import dev.holdfast.connector.files.ExactlyOnceFiles;
import dev.holdfast.engine.coordinator.JobStatus;
import dev.holdfast.simulation.run.Life;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.rocksdb.RocksDB;

/** The whole product with one bug in it, in a class loader of its own. The product that the test itself uses is not touched. */
final class BuggyProduct implements AutoCloseable {
    /** Surefire runs in the module's directory. */
    private static final Path SOURCES = Path.of("").toAbsolutePath().getParent();

    private final URLClassLoader loader;

    private BuggyProduct(URLClassLoader loader) {
        this.loader = loader;
    }

    /** @param classes directory for the compiled bug */
    static BuggyProduct with(Bug bug, Path classes) throws IOException {
        String source = bug.in(Files.readString(SOURCES.resolve(bug.file())));
        List<Path> product = Stream.of(
                        Output.class,
                        JobStatus.class,
                        ExactlyOnceFiles.class,
                        Life.class,
                        Hunt.class,
                        NullMarked.class,
                        RocksDB.class)
                .map(BuggyProduct::placeOf)
                .distinct()
                .toList();
        compile(bug, source, classes, product);
        List<URL> urls = new ArrayList<>();
        urls.add(url(classes));
        product.forEach(place -> urls.add(url(place)));
        return new BuggyProduct(new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader()));
    }

    String hunt(long firstSeed, int most) throws ReflectiveOperationException {
        return (String) loader.loadClass(Hunt.class.getName())
                .getMethod("find", long.class, int.class)
                .invoke(null, firstSeed, most);
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }

    private static void compile(Bug bug, String source, Path classes, List<Path> product) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> told = new DiagnosticCollector<>();
        Path file = Files.createDirectories(classes.resolve("source"))
                .resolve(Path.of(bug.file()).getFileName());
        Files.writeString(file, source);
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(told, null, null)) {
            String classPath = product.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
            boolean compiled = compiler.getTask(
                            null,
                            manager,
                            told,
                            List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp", classPath),
                            null,
                            manager.getJavaFileObjects(file))
                    .call();
            if (!compiled) {
                throw new AssertionError("bug '" + bug + "' does not compile: "
                        + told.getDiagnostics().stream()
                                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                                .toList());
            }
        }
    }

    private static Path placeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static URL url(Path place) {
        try {
            URI uri = place.toUri();
            return uri.toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
