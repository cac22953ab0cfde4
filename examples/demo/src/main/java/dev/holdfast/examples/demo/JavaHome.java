package dev.holdfast.examples.demo;

import java.nio.file.Path;

/** The Java that runs the demo, which its children run on too. */
final class JavaHome {
    private JavaHome() {}

    static String path() {
        return System.getProperty("java.home");
    }

    static String java() {
        return Path.of(path(), "bin", "java").toString();
    }
}
