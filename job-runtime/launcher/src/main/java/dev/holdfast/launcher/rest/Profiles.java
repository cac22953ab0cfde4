package dev.holdfast.launcher.rest;

import dev.holdfast.api.Parameters;
import dev.holdfast.launcher.http.ApiException;
import dev.holdfast.launcher.http.Request;
import dev.holdfast.launcher.http.Response;
import dev.holdfast.launcher.http.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import org.jspecify.annotations.Nullable;

/**
 * Recordings of the JDK's flight recorder, on request. One at a time; when a new one begins, or the process ends, the file of the
 * last one is deleted. Any thread.
 */
public final class Profiles implements AutoCloseable {
    private static final String PATH = "/api/v1/profile";
    private static final Duration DEFAULT = Duration.ofSeconds(30);

    /** Longer ones tell no more of a steady job, and would hide what a short one shows. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** What is older than the newest of these is dropped by the recorder. */
    private static final long MAX_BYTES = 64 << 20;

    private final String mark;
    private @Nullable Profile last;
    private long count;

    /**
     * Makes them.
     *
     * @param mark of this process
     */
    public Profiles(String mark) {
        this.mark = mark;
    }

    private static final class Profile {
        private final String id;
        private final Recording recording;
        private final Path file;
        private final long requestedWallMs;
        private volatile long endedWallMs;
        private volatile @Nullable String failure;

        Profile(String id, Recording recording, Path file, long requestedWallMs) {
            this.id = id;
            this.recording = recording;
            this.file = file;
            this.requestedWallMs = requestedWallMs;
        }

        boolean isOpen() {
            return recording.getState() == RecordingState.RUNNING
                    || recording.getState() == RecordingState.NEW
                    || recording.getState() == RecordingState.DELAYED;
        }
    }

    /** The routes. */
    public List<Route> routes() {
        return List.of(
                Route.begin(
                        PATH,
                        "Records this process with the JDK's flight recorder for a duration of 1s to 5m, 30s unless given.",
                        Set.of("duration"),
                        null,
                        Resources.Operation.class,
                        this::begin),
                Route.get(
                        PATH + "/{id}",
                        "What became of a recording.",
                        Resources.Operation.class,
                        request -> Response.json(200, resource(find(request.part("id"))))),
                Route.page(
                        PATH + "/{id}/recording",
                        Route.Access.TOKEN,
                        "The file of a recording that is complete. Its file is deleted when the next one begins.",
                        "application/x-jfr",
                        this::fetch));
    }

    private synchronized Response begin(Request request) {
        Duration duration = duration(request);
        if (last != null && last.isOpen()) {
            throw new ApiException(
                    409, "HF-API-030", "recording " + last.id + " is under way; one at a time. Wait for its end");
        }
        drop();
        try {
            Recording recording = new Recording(Configuration.getConfiguration("profile"));
            Path file = Files.createTempFile("holdfast-profile-", ".jfr");
            file.toFile().deleteOnExit();
            String id = mark + "-" + ++count;
            recording.setName("holdfast " + id);
            recording.setMaxSize(MAX_BYTES);
            recording.setDuration(duration);
            recording.setToDisk(true);
            recording.setDestination(file);
            Profile profile = new Profile(id, recording, file, System.currentTimeMillis());
            last = profile;
            recording.start();
            Resources.Operation begun = resource(profile);
            return Response.json(202, begun).with("Location", PATH + "/" + begun.id());
        } catch (IOException | ParseException | RuntimeException e) {
            throw new ApiException(
                    503,
                    "HF-API-031",
                    "the flight recorder cannot record: " + e
                            + ". It needs a temporary directory that can be written to");
        }
    }

    private static Duration duration(Request request) {
        String text = request.parameter("duration").orElse("");
        if (text.isEmpty()) {
            return DEFAULT;
        }
        try {
            Duration duration = Parameters.parseDuration(text);
            if (duration.compareTo(Duration.ofSeconds(1)) >= 0 && duration.compareTo(LONGEST) <= 0) {
                return duration;
            }
        } catch (IllegalArgumentException e) {
            // The same answer as for one that is out of range.
        }
        throw new ApiException(400, "HF-API-007", "duration is '" + text + "'; expected 1s to 5m");
    }

    private synchronized Profile find(String id) {
        if (last == null || !last.id.equals(id)) {
            throw new ApiException(
                    404,
                    "HF-API-032",
                    "there is no recording '" + id + "': it is of another process, or a newer one took its place");
        }
        return last;
    }

    private Response fetch(Request request) {
        Profile profile = find(request.part("id"));
        if (profile.isOpen()) {
            throw new ApiException(
                    409, "HF-API-033", "recording " + profile.id + " is under way. Ask again at its end");
        }
        if (!Files.exists(profile.file)) {
            throw new ApiException(410, "HF-API-034", "the file of recording " + profile.id + " is gone. Record again");
        }
        return Response.file("application/x-jfr", profile.file)
                .with("Content-Disposition", "attachment; filename=\"holdfast-" + profile.id + ".jfr\"");
    }

    private static Resources.Operation resource(Profile profile) {
        boolean open = profile.isOpen();
        if (!open && profile.endedWallMs == 0) {
            profile.endedWallMs = System.currentTimeMillis();
            profile.failure = Files.exists(profile.file) ? null : "the recorder left no file";
        }
        String failure = profile.failure;
        String state = open ? "IN_PROGRESS" : failure == null ? "COMPLETED" : "FAILED";
        return new Resources.Operation(
                profile.id,
                "PROFILE",
                state,
                null,
                null,
                null,
                open || failure != null ? null : PATH + "/" + profile.id + "/recording",
                Times.of(profile.requestedWallMs),
                Times.orNone(profile.endedWallMs),
                failure == null ? null : new Resources.OperationProblem("HF-API-031", failure));
    }

    private synchronized void drop() {
        Profile old = last;
        last = null;
        if (old != null) {
            old.recording.close();
            try {
                Files.deleteIfExists(old.file);
            } catch (IOException e) {
                System.getLogger(Profiles.class.getName())
                        .log(System.Logger.Level.WARNING, "a recording stays at {0}: {1}", old.file, e.toString());
            }
        }
    }

    /** Ends a recording that is under way, and deletes its file. */
    @Override
    public void close() {
        drop();
    }
}
