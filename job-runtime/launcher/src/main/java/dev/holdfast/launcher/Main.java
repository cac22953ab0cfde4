package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.link.MessageLink;
import dev.holdfast.launcher.client.ClientCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program {@code holdfast}. */
@Command(
        name = "holdfast",
        description = "Exactly-once stateful streaming jobs.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
public final class Main {
    private static final Set<String> STARTED_OFTEN = Set.of(Role.COORDINATOR.command(), Role.WORKER.command());

    private Main() {}

    /** The version of the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"holdfast " + (version == null ? "(not from a jar)" : version)};
        }
    }

    /** Runs a command, then ends the process with the number of an {@link ExitCode}. */
    public static void main(String[] args) {
        if (args.length > 0 && STARTED_OFTEN.contains(args[0])) {
            // A tenth of the start of a process that others wait for.
            Ahead.begin("prepare messages", MessageLink::prepare);
        }
        ExitCode code = run(args, new Terminal(System.out, System.err), System.getenv());
        System.exit(code.number());
    }

    static ExitCode run(String[] args, Terminal terminal, Map<String, String> environment) {
        CommandLine root = new CommandLine(new Main());
        addCommands(root, args.length == 0 ? "" : args[0], terminal, environment);
        ParseResult parsed;
        try {
            parsed = root.parseArgs(args);
        } catch (ParameterException e) {
            terminal.error(ConfigurationErrors.usage(text(e)), false);
            return ExitCode.REFUSED;
        }
        if (parsed.isVersionHelpRequested()) {
            terminal.say(new Version().getVersion()[0]);
            return ExitCode.DONE;
        }
        Optional<CommandLine> help = parsed.asCommandLineList().stream()
                .filter(CommandLine::isUsageHelpRequested)
                .findFirst();
        if (help.isPresent() || !parsed.hasSubcommand()) {
            StringWriter text = new StringWriter();
            help.orElse(root).usage(new PrintWriter(text));
            terminal.say(text.toString().stripTrailing());
            return help.isPresent() ? ExitCode.DONE : ExitCode.REFUSED;
        }
        return switch (parsed.subcommand().commandSpec().userObject()) {
            case ProcessCommand command -> command.run();
            case ClientCommand command -> run(command, terminal);
            case null, default -> ExitCode.REFUSED;
        };
    }

    /** The one that is asked for, if it runs a process: describing all others takes a process's start longer. Else all of them. */
    private static void addCommands(
            CommandLine root, String wanted, Terminal terminal, Map<String, String> environment) {
        List<Role> roles = Arrays.stream(Role.values())
                .filter(role -> role.command().equals(wanted))
                .toList();
        if (roles.isEmpty()) {
            ClientCommand.addTo(root, terminal::say);
            roles = List.of(Role.values());
        }
        roles.forEach(
                role -> root.addSubcommand(role.command(), ProcessCommand.commandLine(role, terminal, environment)));
    }

    private static ExitCode run(ClientCommand command, Terminal terminal) {
        try {
            return switch (command.run()) {
                case DONE -> ExitCode.DONE;
                case FAILED -> ExitCode.FAILED;
                case LATE -> ExitCode.LATE;
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        } catch (RuntimeException e) {
            terminal.error(e, false);
            return e instanceof HoldfastException known && known.code().startsWith("HF-CFG-")
                    ? ExitCode.REFUSED
                    : ExitCode.FAILED;
        }
    }

    private static String text(ParameterException e) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        String hint = ". The options are listed by: " + command + " --help";
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String given = unmatched.getUnmatched().getFirst();
            int equals = given.indexOf('=');
            String name = equals < 0 ? given : given.substring(0, equals);
            Stream<String> known = Stream.concat(
                    e.getCommandLine().getCommandSpec().optionsMap().keySet().stream(),
                    e.getCommandLine().getSubcommands().keySet().stream());
            return "there is no " + (name.startsWith("-") ? "option" : "command") + " '" + name + "'"
                    + Nearest.of(name, known)
                            .map(nearest -> ". Did you mean " + nearest + "?")
                            .orElse(hint);
        }
        return e.getMessage() + hint;
    }
}
