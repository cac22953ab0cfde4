package dev.holdfast.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The sources and docs around a test. */
final class Repository {
    private Repository() {}

    static Path root() {
        Path root = Path.of("").toAbsolutePath();
        while (root != null && !Files.exists(root.resolve("docs/errors.md"))) {
            root = root.getParent();
        }
        if (root == null) {
            throw new AssertionError("this test runs within the repository");
        }
        return root;
    }

    /** All Java files of main code. */
    static List<Path> mainSources() throws IOException {
        try (Stream<Path> files = Files.walk(root())) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/main/java/"))
                    .toList();
        }
    }
}
