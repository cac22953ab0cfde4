package dev.holdfast.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/** Secrets that lie in files, as Kubernetes mounts them. */
final class SecretFiles {
    private SecretFiles() {}

    /** Replaces each setting that names a file with the setting whose value the file holds. */
    static void resolve(Map<String, String> settings) {
        for (String name : Settings.SECRETS) {
            String file = settings.remove(name + Settings.FILE_SUFFIX);
            if (file == null) {
                continue;
            }
            if (settings.containsKey(name)) {
                throw ConfigurationErrors.contradiction(
                        "both " + name + " and " + name + Settings.FILE_SUFFIX + " are set. Leave one out");
            }
            try {
                settings.put(name, Files.readString(Path.of(file)).strip());
            } catch (IOException | InvalidPathException e) {
                throw ConfigurationErrors.unreadable("file of setting " + name + Settings.FILE_SUFFIX, file, e);
            }
        }
    }
}
