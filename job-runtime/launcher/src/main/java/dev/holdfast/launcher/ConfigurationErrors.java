package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Errors in what a process was given to start with. */
final class ConfigurationErrors {
    private ConfigurationErrors() {}

    /** A name that is no setting. */
    static HoldfastException unknown(String place, String name, String display, java.util.stream.Stream<String> known) {
        String hint = Nearest.of(name, known)
                .map(nearest -> "Did you mean " + nearest + "?")
                .orElse("The settings are listed by: holdfast local --list-settings");
        return new HoldfastException("HF-CFG-001", "there is no setting '" + display + "' (" + place + "). " + hint);
    }

    static HoldfastException missing(Setting setting) {
        return new HoldfastException(
                "HF-CFG-002",
                "setting " + setting.name() + " is not set; expected " + setting.value() + ". Give "
                        + (setting.option().isEmpty() ? "--set " + setting.name() + "=..." : setting.option() + " ...")
                        + ", or set " + setting.variable() + " in the environment");
    }

    static HoldfastException malformed(String name, String found, String expected, @Nullable Throwable cause) {
        return new HoldfastException(
                "HF-CFG-003", "setting " + name + " is '" + found + "'; expected " + expected, cause);
    }

    static HoldfastException unreadable(String what, String file, Throwable cause) {
        return new HoldfastException(
                "HF-CFG-004",
                what + " '" + file + "' cannot be read: " + Reasons.of(cause) + ". Check path and rights",
                cause);
    }

    static HoldfastException workDirectory(String directory, String reason, @Nullable Throwable cause) {
        return new HoldfastException(
                "HF-CFG-005",
                "work directory '" + directory + "' cannot be used: " + reason + ". Set " + Settings.WORK_DIRECTORY
                        + " to another directory",
                cause);
    }

    static HoldfastException contradiction(String text) {
        return new HoldfastException("HF-CFG-006", text);
    }

    /** A setting that the process passes over. */
    static HoldfastException otherProcess(Setting setting, Role role) {
        String roles = setting.roles().stream()
                .map(each -> "holdfast " + each.command())
                .collect(Collectors.joining(", "));
        return new HoldfastException(
                "HF-CFG-009",
                "setting " + setting.name() + " does nothing in holdfast " + role.command()
                        + ": it belongs to " + roles + ". Leave it out, or put it into the file of settings that all"
                        + " processes of the job share");
    }

    static HoldfastException usage(String text) {
        return new HoldfastException("HF-CFG-007", text);
    }
}
