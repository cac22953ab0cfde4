package dev.holdfast.connector.files;

import dev.holdfast.api.connector.SinkContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names of files that no other task, attempt, checkpoint, operator or job ever uses.
 *
 * <pre>
 *   .pending/JOB/OPERATOR/t00001-a00003-f000000017          task, attempt, number of the file in that attempt
 *   OPERATOR@JOB-c0000000042-t00001-a00003-0000.jsonl       checkpoint, task, attempt, number of the file in both
 * </pre>
 *
 * A pending file's name cannot hold the checkpoint, which is not known yet when the file begins. The {@code @} occurs in
 * neither part around it, so two pairs of operator and job never give the same name.
 */
final class OutputNames {
    static final String PENDING = ".pending";

    /** File systems allow 255 bytes; the operator's name takes up to 100, the numbers 50. */
    private static final int MAX_JOB_CHARS = 80;

    private static final Pattern PENDING_NAME = Pattern.compile("t(\\d{5,9})-a(\\d{5,18})-f(\\d{9,18})");

    private final String job;
    private final String operator;
    private final int task;
    private final long attempt;
    private final String suffix;

    OutputNames(SinkContext context, String suffix) {
        job = shortened(safe(context.jobId()));
        operator = safe(context.operatorName());
        task = context.index();
        attempt = context.attempt();
        this.suffix = suffix;
    }

    /** Directory of this job's and operator's pending files, below the output directory. */
    String pendingDirectory() {
        return PENDING + "/" + job + "/" + operator;
    }

    String pending(long number) {
        return String.format(Locale.ROOT, "%s/t%05d-a%05d-f%09d", pendingDirectory(), task, attempt, number);
    }

    String visible(long checkpointId, int number) {
        return String.format(
                Locale.ROOT,
                "%s@%s-c%010d-t%05d-a%05d-%04d%s",
                operator,
                job,
                checkpointId,
                task,
                attempt,
                number,
                suffix);
    }

    /** Task and attempt that began a pending file. */
    record Owner(int task, long attempt) {

        /** Reads them from the file's name; null if it is not the name of a pending file. */
        static @Nullable Owner of(String fileName) {
            Matcher matcher = PENDING_NAME.matcher(fileName);
            return matcher.matches()
                    ? new Owner(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)))
                    : null;
        }
    }

    /** The name with all but letters, digits, {@code - _} and dots inside put as {@code %} and hexadecimal digits. */
    private static String safe(String name) {
        StringBuilder safe = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = (b >= 'a' && b <= 'z')
                    || (b >= 'A' && b <= 'Z')
                    || (b >= '0' && b <= '9')
                    || b == '-'
                    || b == '_'
                    || (b == '.' && !safe.isEmpty());
            if (plain) {
                safe.append((char) b);
            } else {
                safe.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return safe.toString();
    }

    private static String shortened(String name) {
        if (name.length() <= MAX_JOB_CHARS) {
            return name;
        }
        byte[] digest;
        try {
            digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        String mark = HexFormat.of().formatHex(digest, 0, 8);
        return name.substring(0, MAX_JOB_CHARS - 1 - mark.length()) + "-" + mark;
    }
}
