package dev.holdfast.engine.env;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The rules for arguments of an {@link ObjectStore}, for its implementations. */
public final class ObjectKeys {
    /** A key is at most this long: S3 takes 1024 bytes, the rest is left to the place that a store is opened at. */
    public static final int MAX_KEY_CHARS = 900;

    /** A part is at most this long: file systems take names of 255 bytes, the rest is left for temporary names. */
    public static final int MAX_PART_CHARS = 200;

    private ObjectKeys() {}

    /**
     * Returns the key if it keeps the rules.
     *
     * @throws IllegalArgumentException with the key and the rule that it breaks
     */
    public static String check(String key) {
        String why = whyNot(key);
        if (why != null) {
            throw refused(key, why);
        }
        return key;
    }

    /**
     * Returns the prefix if some key can begin with it.
     *
     * @throws IllegalArgumentException if none can
     */
    public static String checkPrefix(String prefix) {
        // The last part of a prefix may go on, so any last part of legal characters will do, also none.
        int last = prefix.lastIndexOf('/') + 1;
        if (last == prefix.length()) {
            if (last > 0) {
                check(prefix.substring(0, last - 1));
            }
        } else {
            check(prefix.endsWith(".") ? prefix + "x" : prefix);
        }
        return prefix;
    }

    /** Whether a name that was found in a bucket can be a key of ours. */
    public static boolean isKey(String name) {
        return whyNot(name) == null;
    }

    /** The error for a key that needs an object to be a directory, or the other way round. */
    public static IllegalArgumentException clash(String key, String existing) {
        return new IllegalArgumentException("cannot write '" + key + "': there is '" + existing
                + "', and a key that goes on after another with '/' cannot stand beside it");
    }

    /** Checks the arguments of {@link ObjectStore#getRange}. */
    public static void checkRange(String key, long offset, int length) {
        check(key);
        if (offset < 0 || length < 0 || offset > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException("range of " + length + " bytes at " + offset + " of '" + key
                    + "': offset and length must not be negative, nor their sum overflow");
        }
    }

    /** Checks the arguments of {@link ObjectStore#list}. */
    public static void checkList(String prefix, int max) {
        checkPrefix(prefix);
        if (max < 1 || max > ObjectStore.MAX_KEYS) {
            throw new IllegalArgumentException(
                    "list of at most " + max + " keys: 1 to " + ObjectStore.MAX_KEYS + " can be asked for");
        }
    }

    /** Checks the arguments of {@link ObjectStore#delete}. */
    public static void checkDelete(Collection<String> keys) {
        if (keys.size() > ObjectStore.MAX_KEYS) {
            throw new IllegalArgumentException(
                    "delete of " + keys.size() + " keys: the most at once is " + ObjectStore.MAX_KEYS);
        }
        keys.forEach(ObjectKeys::check);
    }

    /** Checks that a content was as long as it had said; otherwise somebody changes it while it is written. */
    public static void checkSize(String key, Content content, long readBytes) {
        if (readBytes != content.sizeBytes()) {
            throw new StoreException(
                    StoreException.Kind.DAMAGED,
                    "content for '" + key + "' said " + content.sizeBytes() + " bytes, but " + readBytes
                            + " could be read. It must not change while it is written");
        }
    }

    private static @Nullable String whyNot(String key) {
        if (key.length() > MAX_KEY_CHARS) {
            return "it has " + key.length() + " characters; the most is " + MAX_KEY_CHARS;
        }
        int begin = 0;
        while (true) {
            int slash = key.indexOf('/', begin);
            String why = whyNotPart(key, begin, slash < 0 ? key.length() : slash);
            if (why != null || slash < 0) {
                return why;
            }
            begin = slash + 1;
        }
    }

    private static @Nullable String whyNotPart(String key, int begin, int end) {
        int length = end - begin;
        if (length == 0) {
            return "it has an empty part";
        }
        if (length > MAX_PART_CHARS) {
            return "it has a part of " + length + " characters; the most is " + MAX_PART_CHARS;
        }
        for (int i = begin; i < end; i++) {
            if (!isLegal(key.charAt(i))) {
                return String.format("it has the character U+%04X", (int) key.charAt(i));
            }
        }
        if (key.charAt(begin) == '.' && (length == 1 || (length == 2 && key.charAt(begin + 1) == '.'))) {
            return "it has a part that is '.' or '..'";
        }
        return null;
    }

    private static boolean isLegal(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }

    private static IllegalArgumentException refused(String key, String why) {
        String shown = key.length() <= 100 ? key : key.substring(0, 100) + "...";
        return new IllegalArgumentException("'" + shown + "' is no key of an object: " + why
                + ". Parts of 1 to 200 letters, digits, '.', '_' or '-', with '/' between them");
    }
}
