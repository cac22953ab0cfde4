package dev.holdfast.launcher;

import java.util.Locale;
import java.util.Set;

/**
 * A setting that exists.
 *
 * @param name as in a file and in {@code --set}
 * @param option of the command line, or empty if only {@code --set} reaches it
 * @param value what it takes, for people
 * @param otherwise what is taken where it is not set; empty for nothing
 * @param meaning one sentence
 */
record Setting(String name, String option, String value, String otherwise, String meaning) {
    /** Stands before the names of all variables of the environment. */
    static final String ENVIRONMENT_PREFIX = "HOLDFAST_";

    /** What counts again while a process runs: "no", "yes", or a part of it. All else counts from the next start. */
    String live() {
        boolean secretsOfTheNetwork = name.equals(ProcessSettings.TOKEN_FILE)
                || name.equals(ProcessSettings.TLS_CERTIFICATE)
                || name.equals(ProcessSettings.TLS_KEY)
                || name.equals(ProcessSettings.TLS_CA);
        if (secretsOfTheNetwork || name.equals(ProcessSettings.HTTP_TOKEN_FILE)) {
            return "the file's content";
        }
        return isLive() ? "yes" : "no";
    }

    /** Whether it may be changed by HTTP while the job runs. */
    boolean isLive() {
        return Settings.LIVE.contains(name);
    }

    /** The processes that look at it. */
    Set<Role> roles() {
        return SettingRoles.of(name);
    }

    /** The variable of the environment that sets it. */
    String variable() {
        return ENVIRONMENT_PREFIX + name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
