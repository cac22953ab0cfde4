package dev.holdfast.launcher;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * A command that settings belong to. Options that stand for a setting are made from {@link Settings}, so that they cannot drift
 * apart.
 */
@Command(sortOptions = false, usageHelpAutoWidth = true)
final class ProcessCommand {
    private static final String JSON = "--json";

    @Option(
            names = "--set",
            paramLabel = "<name=value>",
            description = "A setting by its name, such as checkpoint.interval=1s.",
            order = 100)
    private @Nullable Map<String, String> set;

    @Option(names = "--param", paramLabel = "<name=value>", description = "A parameter of the program.", order = 101)
    private @Nullable Map<String, String> parameters;

    @Option(names = "--config", paramLabel = "<file>", description = "A file of settings, name=value.", order = 102)
    private @Nullable Path file;

    @Option(names = "--debug", description = "Stacks of errors, and a log for developers.", order = 103)
    private boolean debug;

    @SuppressWarnings("unused") // picocli looks at it
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this and ends.",
            order = 105)
    private boolean help;

    @Option(names = "--list-settings", description = "Lists all settings and ends.", order = 104)
    private boolean listSettings;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final Role role;
    private final Terminal terminal;
    private final Map<String, String> environment;
    private final List<Setting> options;

    private ProcessCommand(Role role, Terminal terminal, Map<String, String> environment) {
        this.role = role;
        this.terminal = terminal;
        this.environment = environment;
        this.options =
                Settings.of(role).filter(setting -> !setting.option().isEmpty()).toList();
    }

    static CommandLine commandLine(Role role, Terminal terminal, Map<String, String> environment) {
        ProcessCommand command = new ProcessCommand(role, terminal, environment);
        CommandLine line = new CommandLine(command).setCommandName(role.command());
        line.getCommandSpec().usageMessage().description(role.description());
        int order = 0;
        for (Setting setting : command.options) {
            line.getCommandSpec().addOption(option(setting, order++));
        }
        if (role == Role.CHECKPOINTS) {
            line.getCommandSpec()
                    .addOption(CommandLine.Model.OptionSpec.builder(JSON)
                            .type(boolean.class)
                            .order(order)
                            .description("As one JSON object, for programs.")
                            .build());
        }
        return line;
    }

    private static CommandLine.Model.OptionSpec option(Setting setting, int order) {
        boolean flag = setting.name().equals(Settings.IGNORE_STATE);
        CommandLine.Model.OptionSpec.Builder option = CommandLine.Model.OptionSpec.builder(setting.option())
                .type(String.class)
                .order(order)
                .paramLabel("<" + setting.value() + ">")
                .arity(flag ? "0..1" : "1")
                .description(setting.meaning().replace("`", "")
                        + (setting.otherwise().isEmpty() ? "" : " Default: " + setting.otherwise() + "."));
        if (flag) {
            option.fallbackValue("true");
        }
        return option.build();
    }

    /** A setting of another process on the command line is a mistake; the file and the environment may be shared. */
    private void requireOwn(Setting setting) {
        if (!setting.roles().contains(role)) {
            throw ConfigurationErrors.otherProcess(setting, role);
        }
    }

    /** Runs the command that was parsed. */
    ExitCode run() {
        if (listSettings) {
            Settings.of(role)
                    .forEach(setting -> terminal.say(String.format("%-42s %s", setting.name(), setting.meaning())));
            return ExitCode.DONE;
        }
        try {
            GivenSettings given = settings();
            Map<String, String> settings = given.values();
            Logging.level(debug ? "debug" : new Typed(settings).required(Settings.LOG_LEVEL));
            Logging.format(new Typed(settings).required(ProcessSettings.LOG_FORMAT));
            return start(given);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        } catch (RuntimeException | LinkageError e) {
            terminal.error(e, debug);
            return ExitCode.REFUSED;
        }
    }

    private ExitCode start(GivenSettings given) throws InterruptedException {
        Map<String, String> settings = given.values();
        return switch (role) {
            case LOCAL -> LocalProcess.run(LocalConfiguration.of(settings), given, terminal);
            case COORDINATOR -> CoordinatorLauncher.run(CoordinatorConfiguration.of(settings), given, terminal);
            case WORKER -> {
                Optional<String> hostName =
                        Optional.ofNullable(environment.get("HOSTNAME")).filter(name -> !name.isBlank());
                yield WorkerLauncher.run(WorkerConfiguration.of(settings, hostName), terminal);
            }
            case CHECKPOINTS -> CheckpointsLauncher.run(settings, json(), terminal);
        };
    }

    private boolean json() {
        return spec.findOption(JSON) != null
                && Boolean.TRUE.equals(spec.findOption(JSON).getValue());
    }

    private GivenSettings settings() {
        Map<String, String> given = new LinkedHashMap<>();
        for (Setting setting : options) {
            String value = spec.findOption(setting.option()).getValue();
            if (value != null) {
                given.put(setting.name(), value);
            }
        }
        if (set != null) {
            set.forEach((name, value) -> {
                Settings.find(name).ifPresent(setting -> requireOwn(setting));
                Configuration.put(given, name, value);
            });
        }
        if (parameters != null) {
            parameters.forEach((name, value) -> Configuration.put(given, Settings.PARAMETER_PREFIX + name, value));
        }
        Map<String, String> ofFile = file == null ? new HashMap<>() : Configuration.ofFile(file);
        return new GivenSettings(
                Configuration.merge(given, environment, ofFile), Configuration.sources(given, environment, ofFile));
    }
}
