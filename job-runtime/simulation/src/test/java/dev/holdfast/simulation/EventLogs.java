package dev.holdfast.simulation;

import dev.holdfast.simulation.fault.Schedule;
import dev.holdfast.simulation.run.Life;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.logging.LogManager;

/** Digests of whole event logs, one for each seed; a process of its own prints them. */
final class EventLogs {
    private EventLogs() {}

    public static void main(String[] arguments) {
        digests(Long.parseLong(arguments[0]), Integer.parseInt(arguments[1])).forEach(System.out::println);
    }

    static List<String> digests(long firstSeed, int seeds) {
        LogManager.getLogManager().reset();
        List<String> digests = new ArrayList<>();
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            digests.add(digest(Life.tell(Schedule.of(seed)).trace()));
        }
        return digests;
    }

    private static String digest(List<String> log) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String line : log) {
                digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return log.size() + " " + HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
