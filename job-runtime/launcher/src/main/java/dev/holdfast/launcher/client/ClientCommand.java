package dev.holdfast.launcher.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.Parameters;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast status}, {@code savepoint}, {@code stop}, {@code drain}, {@code rescale} and {@code cancel}: one request to a running coordinator. */
@Command(sortOptions = false, usageHelpAutoWidth = true)
public final class ClientCommand {
    /** What is asked for. */
    private enum Verb {
        STATUS("status", "Shows what a running job does.", ""),
        SAVEPOINT("savepoint", "Takes a savepoint of a running job, and waits for it.", "/api/v1/job/savepoints"),
        STOP("stop", "Stops a running job with a savepoint, and waits for its end.", "/api/v1/job/stop"),
        DRAIN("drain", "Ends a running job's input where it is, and waits for its end.", "/api/v1/job/drain"),
        RESCALE("rescale", "Gives a running job another parallelism, and waits for it.", "/api/v1/job/rescale"),
        CANCEL("cancel", "Ends a running job without a savepoint, and waits for its end.", "/api/v1/job/cancel");

        private final String command;
        private final String description;
        private final String path;

        Verb(String command, String description, String path) {
            this.command = command;
            this.description = description;
            this.path = path;
        }
    }

    @Option(
            names = "--coordinator-url",
            paramLabel = "<http://host:port>",
            description = "Where the coordinator answers HTTP. Default: ${DEFAULT-VALUE}.",
            order = 0)
    private String url = "http://127.0.0.1:8081";

    @Option(
            names = "--http-token-file",
            paramLabel = "<file>",
            description = "A file whose first line is a token that the coordinator accepts.",
            order = 1)
    private @Nullable Path tokenFile;

    @Option(
            names = "--timeout",
            paramLabel = "<duration>",
            description = "How long to wait for the end. Default: ${DEFAULT-VALUE}.",
            order = 3)
    private String timeout = "10m";

    @Option(names = "--no-wait", description = "Ends as soon as the coordinator has begun.", order = 4)
    private boolean noWait;

    @Option(names = "--json", description = "As one JSON object, for programs.", order = 5)
    private boolean json;

    @SuppressWarnings("unused") // picocli looks at it
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this and ends.",
            order = 6)
    private boolean help;

    private static final String NAME = "--name";
    private static final String PARALLELISM = "--parallelism";

    private final Verb verb;
    private final Consumer<String> out;
    private @Nullable CommandLine line;

    private ClientCommand(Verb verb, Consumer<String> out) {
        this.verb = verb;
        this.out = out;
    }

    /** How a command ended. */
    public enum Outcome {
        DONE,
        /** The coordinator refused, or the operation failed. */
        FAILED,
        /** The operation is still under way. */
        LATE
    }

    /**
     * Adds the commands.
     *
     * @param out takes lines for standard output
     */
    public static void addTo(CommandLine root, Consumer<String> out) {
        for (Verb verb : Verb.values()) {
            ClientCommand command = new ClientCommand(verb, out);
            CommandLine line = new CommandLine(command).setCommandName(verb.command);
            line.getCommandSpec().usageMessage().description(verb.description);
            if (verb == Verb.SAVEPOINT || verb == Verb.STOP) {
                line.getCommandSpec()
                        .addOption(option(NAME, "<name>", "Name of the savepoint. Unless given, one is made up.")
                                .build());
            }
            if (verb == Verb.RESCALE) {
                line.getCommandSpec()
                        .addOption(option(PARALLELISM, "<n>", "Of operators that set none; the slots must be there.")
                                .required(true)
                                .build());
            }
            command.line = line;
            root.addSubcommand(verb.command, line);
        }
    }

    private static CommandLine.Model.OptionSpec.Builder option(String name, String value, String description) {
        return CommandLine.Model.OptionSpec.builder(name)
                .type(name.equals(PARALLELISM) ? Integer.class : String.class)
                .arity("1")
                .order(2)
                .paramLabel(value)
                .description(description);
    }

    /**
     * Runs the command that was parsed.
     *
     * @throws HoldfastException if the coordinator cannot be reached, or refuses
     */
    public Outcome run() throws InterruptedException {
        Duration patience = timeout();
        try (ApiClient client = new ApiClient(uri(), token())) {
            if (verb == Verb.STATUS) {
                status(client);
                return Outcome.DONE;
            }
            JsonNode begun = client.post(verb.path, body(), UUID.randomUUID().toString());
            JsonNode seen = noWait ? begun : await(client, begun, patience);
            say(seen);
            return switch (seen.path("state").asText()) {
                case "COMPLETED" -> Outcome.DONE;
                case "IN_PROGRESS" -> noWait ? Outcome.DONE : Outcome.LATE;
                default -> Outcome.FAILED;
            };
        }
    }

    private JsonNode await(ApiClient client, JsonNode begun, Duration patience) throws InterruptedException {
        try {
            return client.await(begun, patience);
        } catch (ApiClient.Gone e) {
            throw new HoldfastException(
                    "HF-API-042",
                    "the coordinator went away before it told how " + verb.command + " (operation "
                            + begun.path("id").asText()
                            + ") ended. Look into its log, or into the bucket with: holdfast checkpoints",
                    e);
        }
    }

    private Map<String, Object> body() {
        Map<String, Object> body = new LinkedHashMap<>();
        for (String option : List.of(NAME, PARALLELISM)) {
            Object value = line == null || line.getCommandSpec().findOption(option) == null
                    ? null
                    : line.getCommandSpec().findOption(option).getValue();
            if (value != null) {
                body.put(option.substring(2), value);
            }
        }
        return body;
    }

    private void status(ApiClient client) throws InterruptedException {
        JsonNode job = client.get("/api/v1/job");
        if (json) {
            out.accept(job.toString());
            return;
        }
        JsonNode workers = client.get("/api/v1/job/workers");
        JsonNode counts = client.get("/api/v1/job/checkpoints").path("counts");
        out.accept("job " + job.path("namespace").asText() + "/"
                + job.path("name").asText() + "/" + job.path("id").asText());
        out.accept("phase       " + job.path("phase").asText() + " since "
                + job.path("phaseSince").asText());
        if (!job.path("message").asText().isEmpty()) {
            out.accept("message     " + job.path("message").asText());
        }
        out.accept("generation  " + job.path("generation").asText() + ", attempt "
                + job.path("attempt").asText()
                + ", restarts " + job.path("restarts").asText() + ", failures "
                + job.path("failures").asText());
        out.accept("checkpoints " + counts.path("completed").asText() + " completed, "
                + counts.path("failed").asText() + " failed; last "
                + job.path("lastCheckpoint").asText("none"));
        out.accept("slots       " + workers.path("slotsOffered").asText() + " offered, "
                + workers.path("slotsNeeded").asText() + " needed");
        for (JsonNode worker : workers.path("workers")) {
            out.accept("worker      " + worker.path("name").asText() + " "
                    + worker.path("state").asText() + " " + worker.path("tasks").size() + " tasks");
        }
    }

    private void say(JsonNode operation) {
        if (json) {
            out.accept(operation.toString());
            return;
        }
        StringBuilder text = new StringBuilder(verb.command)
                .append(" state=")
                .append(operation.path("state").asText())
                .append(" operation=")
                .append(operation.path("id").asText());
        for (String field : new String[] {"savepoint", "parallelism", "checkpoint", "location"}) {
            if (operation.has(field)) {
                text.append(' ')
                        .append(field)
                        .append('=')
                        .append(operation.path(field).asText());
            }
        }
        JsonNode problem = operation.path("problem");
        if (!problem.isMissingNode()) {
            text.append(" problem=\"")
                    .append(problem.path("code").asText())
                    .append(": ")
                    .append(problem.path("detail").asText())
                    .append('"');
        }
        out.accept(text.toString());
    }

    private URI uri() {
        try {
            URI uri = URI.create(url);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // The same answer as for what is a URL of something else.
        }
        throw new HoldfastException("HF-CFG-007", "--coordinator-url is '" + url + "'; expected http://host:port");
    }

    private Duration timeout() {
        try {
            return Parameters.parseDuration(timeout);
        } catch (IllegalArgumentException e) {
            throw new HoldfastException(
                    "HF-CFG-007", "--timeout is '" + timeout + "'; expected a duration such as 30s, 10m", e);
        }
    }

    private Optional<String> token() {
        if (tokenFile == null) {
            return Optional.empty();
        }
        try {
            return Files.readAllLines(tokenFile).stream()
                    .map(String::strip)
                    .filter(text -> !text.isEmpty())
                    .findFirst();
        } catch (IOException e) {
            throw new HoldfastException(
                    "HF-CFG-004", "token file '" + tokenFile + "' cannot be read: " + e + ". Check path and rights", e);
        }
    }
}
