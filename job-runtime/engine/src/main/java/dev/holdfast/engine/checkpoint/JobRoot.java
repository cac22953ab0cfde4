package dev.holdfast.engine.checkpoint;

import java.util.regex.Pattern;

/**
 * Where a job lives in the bucket, and every key below. What the engine writes into manifests and log slots is relative
 * to this root (a <em>name</em>), so that a root can be copied; {@link #key} makes the store's key of it. {@link
 * ObjectName} is the way back.
 *
 * @param namespace of the job, as in Kubernetes
 * @param job name
 * @param id tells jobs apart that had one name one after the other
 */
public record JobRoot(String namespace, String job, String id) {
    /** As in the store's keys, less what would make {@code .} and {@code ..}; short enough for all names below. */
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");

    public JobRoot {
        checkPart("namespace", namespace);
        checkPart("job", job);
        checkPart("job id", id);
    }

    /** The beginning of all keys of this job; ends with a slash. */
    public String prefix() {
        return namespace + "/" + job + "/" + id + "/";
    }

    /** The store's key of a name below this root. */
    public String key(String name) {
        return prefix() + name;
    }

    /** The name of a key below this root. */
    String name(String key) {
        if (!key.startsWith(prefix())) {
            throw new IllegalArgumentException("'" + key + "' is not below '" + prefix() + "'");
        }
        return key.substring(prefix().length());
    }

    public static String logSlot(long slot) {
        return "log/" + digits(slot);
    }

    public static String committed(long slot) {
        return "committed/" + digits(slot);
    }

    public static String boundary(long slot) {
        return "boundary/" + digits(slot);
    }

    public static String manifest(long checkpointId, long generation, String unique) {
        return "checkpoints/" + digits(checkpointId) + "/manifest-" + generation + "-" + checkUnique(unique);
    }

    public static String pack(long checkpointId, long generation, String worker, String unique) {
        checkPart("worker", worker);
        return "checkpoints/" + digits(checkpointId) + "/pack-" + generation + "-" + worker + "-" + checkUnique(unique);
    }

    public static String run(long generation, long checkpointId, String unique) {
        return "runs/" + generation + "-" + checkpointId + "-" + checkUnique(unique) + ".sst";
    }

    /** The directory of a savepoint; ends with a slash. Names in its manifest are relative to it. */
    public static String savepoint(String savepoint) {
        checkPart("savepoint", savepoint);
        return "savepoints/" + savepoint + "/";
    }

    static String digits(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("a number in a key is not negative: " + number);
        }
        String digits = Long.toString(number);
        return "0".repeat(20 - digits.length()) + digits;
    }

    private static String checkUnique(String unique) {
        if (unique.indexOf('-') >= 0 || unique.indexOf('.') >= 0) {
            throw new IllegalArgumentException("a unique name has no '-' and no '.': " + unique);
        }
        checkPart("unique name", unique);
        return unique;
    }

    static void checkPart(String what, String part) {
        if (!PART.matcher(part).matches()) {
            throw new IllegalArgumentException(what + " '" + part + "' cannot be part of a key: it takes 1 to 100 of "
                    + "A-Z a-z 0-9 . _ - and begins with a letter, a digit or _");
        }
    }

    @Override
    public String toString() {
        return namespace + "/" + job + "/" + id;
    }
}
