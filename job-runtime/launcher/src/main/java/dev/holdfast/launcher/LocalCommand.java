package dev.holdfast.launcher;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code local}. Options that stand for a setting are made from {@link Settings}, so that they cannot drift apart. */
@Command(name = "local", description = "Runs one job in this process.", sortOptions = false, usageHelpAutoWidth = true)
final class LocalCommand {
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

    private final Terminal terminal;
    private final Map<String, String> environment;

    private LocalCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    static CommandLine commandLine(Terminal terminal, Map<String, String> environment) {
        CommandLine line = new CommandLine(new LocalCommand(terminal, environment));
        int order = 0;
        for (Setting setting : Settings.ALL) {
            if (!setting.option().isEmpty()) {
                line.getCommandSpec().addOption(option(setting, order++));
            }
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

    /** Runs the command that was parsed. */
    ExitCode run() {
        if (listSettings) {
            Settings.ALL.forEach(setting -> terminal.say(String.format("%-42s %s", setting.name(), setting.meaning())));
            return ExitCode.DONE;
        }
        LocalConfiguration configuration;
        try {
            Map<String, String> settings = settings();
            Logging.level(debug ? "debug" : new Typed(settings).required(Settings.LOG_LEVEL));
            configuration = LocalConfiguration.of(settings);
        } catch (RuntimeException e) {
            terminal.error(e, debug);
            return ExitCode.REFUSED;
        }
        try {
            return LocalProcess.run(configuration, terminal);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        } catch (RuntimeException | LinkageError e) {
            terminal.error(e, debug);
            return ExitCode.REFUSED;
        }
    }

    private Map<String, String> settings() {
        Map<String, String> given = new LinkedHashMap<>();
        for (Setting setting : Settings.ALL) {
            if (!setting.option().isEmpty()) {
                String value = spec.findOption(setting.option()).getValue();
                if (value != null) {
                    given.put(setting.name(), value);
                }
            }
        }
        if (set != null) {
            set.forEach((name, value) -> Configuration.put(given, name, value));
        }
        if (parameters != null) {
            parameters.forEach((name, value) -> Configuration.put(given, Settings.PARAMETER_PREFIX + name, value));
        }
        return Configuration.merge(given, environment, file == null ? new HashMap<>() : Configuration.ofFile(file));
    }
}
