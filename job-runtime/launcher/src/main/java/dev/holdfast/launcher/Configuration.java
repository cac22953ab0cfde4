package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Settings by name, put together from where they may be given. The command line counts before the environment, the
 * environment before the file. A name that is no setting is an error ({@code HF-CFG-001}) wherever it stands.
 */
final class Configuration {
    /** Variables that the script of the launcher reads. */
    private static final Set<String> OF_THE_SCRIPT = Set.of("HOLDFAST_JAVA_OPTIONS", "HOLDFAST_CLASS_PATH");

    /** What Kubernetes puts into the environment of pods for a service whose name begins with {@code holdfast}. */
    private static final Pattern OF_A_SERVICE =
            Pattern.compile("HOLDFAST_.*_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_\\d+_(TCP|UDP)(_.+)?)?)");

    private Configuration() {}

    static Map<String, String> merge(
            Map<String, String> commandLine, Map<String, String> environment, Map<String, String> file) {
        commandLine.keySet().forEach(name -> checkName("command line", name));
        file.keySet().forEach(name -> checkName("file of settings", name));
        Map<String, String> merged = new TreeMap<>(file);
        merged.putAll(ofEnvironment(environment));
        merged.putAll(commandLine);
        return merged;
    }

    /** Where each setting that is given comes from, in the words of the docs. */
    static Map<String, String> sources(
            Map<String, String> commandLine, Map<String, String> environment, Map<String, String> file) {
        Map<String, String> sources = new TreeMap<>();
        file.keySet().forEach(name -> sources.put(name, "file"));
        ofEnvironment(environment).keySet().forEach(name -> sources.put(name, "environment"));
        commandLine.keySet().forEach(name -> sources.put(name, "command line"));
        return sources;
    }

    /** Reads a file of settings: {@code name = value} lines in the form of Java's properties, UTF-8. */
    static Map<String, String> ofFile(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw ConfigurationErrors.unreadable("file of settings", file.toString(), e);
        }
        Map<String, String> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        return settings;
    }

    private static Map<String, String> ofEnvironment(Map<String, String> environment) {
        Map<String, String> names = new HashMap<>();
        Settings.ALL.forEach(setting -> names.put(setting.variable(), setting.name()));
        Map<String, String> settings = new HashMap<>();
        environment.forEach((variable, value) -> {
            if (!variable.startsWith(Setting.ENVIRONMENT_PREFIX)
                    || OF_THE_SCRIPT.contains(variable)
                    || value.isBlank()
                    || (OF_A_SERVICE.matcher(variable).matches() && !names.containsKey(variable))) {
                return;
            }
            String name = names.get(variable);
            if (name == null) {
                throw ConfigurationErrors.unknown(
                        "variable of the environment",
                        variable,
                        variable,
                        Settings.ALL.stream().map(Setting::variable));
            }
            settings.put(name, value);
        });
        return settings;
    }

    private static void checkName(String place, String name) {
        if (name.startsWith(Settings.PARAMETER_PREFIX) && name.length() > Settings.PARAMETER_PREFIX.length()) {
            return;
        }
        if (Settings.find(name).isEmpty()) {
            throw ConfigurationErrors.unknown(place, name, name, Settings.names());
        }
    }

    /** Adds a setting of the command line. Two different values are an error: nobody could say which one counts. */
    static void put(Map<String, String> settings, String name, String value) {
        String before = settings.putIfAbsent(name, value);
        if (before != null && !before.equals(value)) {
            throw new HoldfastException(
                    "HF-CFG-006",
                    "setting " + name + " is given twice on the command line: '" + before + "' and '" + value
                            + "'. Leave one out");
        }
    }
}
