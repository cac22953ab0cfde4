package dev.holdfast.launcher;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What every line of the log says beside its text. What holds for the whole process is kept here, since threads of libraries log
 * too; what holds for a thread is set by the loops and calls of {@link LoggedEnv}. Any thread.
 */
final class LogFields {
    private static final Map<String, String> PROCESS = new ConcurrentSkipListMap<>();

    private LogFields() {}

    /** Sets a field for all lines of this process; "0" and "" take it away. */
    static void process(String name, String value) {
        if (value.isEmpty() || value.equals("0")) {
            PROCESS.remove(name);
        } else {
            PROCESS.put(name, value);
        }
    }

    /** Fields of the process, by name. */
    static Map<String, String> ofProcess() {
        return PROCESS;
    }
}
