package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.coordinator.RestartStrategy;
import dev.holdfast.storage.s3.StoreSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The list of settings against those who read them. */
class SettingsTest {

    @Test
    void listsAllSettingsOfCheckpoints() {
        Throwable refusal = catchThrowable(() -> CheckpointSettings.from(Map.of("checkpoint.x", "")));

        assertThat(listed("checkpoint.")).isEqualTo(namesIn(refusal, "checkpoint\\.[a-z-]{2,}"));
    }

    @Test
    void listsAllSettingsOfTheStore() {
        Throwable refusal = catchThrowable(() -> StoreSettings.parse(Map.of("storage.x", "")));

        Set<String> files = Settings.SECRETS.stream()
                .map(name -> name + Settings.FILE_SUFFIX)
                .collect(Collectors.toSet());
        Set<String> listed = listed("storage.");
        assertThat(listed).containsAll(files);
        listed.removeAll(files);
        assertThat(listed).isEqualTo(namesIn(refusal, "storage\\.[a-z-]{2,}"));
    }

    @Test
    void listsAllSettingsOfRestarts() {
        Set<String> names = new TreeSet<>(Set.of(RestartStrategy.STRATEGY));
        names.addAll(RestartStrategy.FIXED_DELAY);
        names.addAll(RestartStrategy.EXPONENTIAL_DELAY);
        names.addAll(RestartStrategy.FAILURE_RATE);

        assertThat(listed("restart.")).isEqualTo(names);
    }

    @Test
    void listsTheDefaultsThatAreTaken() {
        assertThat(CheckpointSettings.from(defaults("checkpoint."))).isEqualTo(CheckpointSettings.DEFAULTS);
        for (String strategy : Set.of("fixed-delay", "exponential-delay", "failure-rate")) {
            Map<String, String> unset = Map.of(RestartStrategy.STRATEGY, strategy);
            Map<String, String> set = new HashMap<>(unset);
            set.putAll(defaults("restart." + strategy + "."));
            assertThat(RestartStrategy.from(set)).isEqualTo(RestartStrategy.from(unset));
        }
        assertThat(RestartStrategy.from(Map.of(
                        RestartStrategy.STRATEGY,
                        Settings.find(RestartStrategy.STRATEGY).orElseThrow().otherwise())))
                .isEqualTo(RestartStrategy.from(Map.of()));
        Map<String, String> storage = defaults("storage.");
        storage.put("storage", "s3://bucket/jobs");
        assertThat(StoreSettings.parse(storage)).isEqualTo(StoreSettings.parse(Map.of("storage", "s3://bucket/jobs")));
    }

    @Test
    void noTwoSettingsShareAVariableOrAnOption() {
        assertThat(Settings.ALL.stream().map(Setting::variable)).doesNotHaveDuplicates();
        assertThat(Settings.ALL.stream().map(Setting::option).filter(option -> !option.isEmpty()))
                .doesNotHaveDuplicates();
    }

    private static Set<String> listed(String prefix) {
        return Settings.names().filter(name -> name.startsWith(prefix)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, String> defaults(String prefix) {
        return Settings.ALL.stream()
                .filter(setting -> setting.name().startsWith(prefix)
                        && !setting.otherwise().isEmpty())
                .collect(Collectors.toMap(Setting::name, Setting::otherwise, (a, b) -> b, HashMap::new));
    }

    private static Set<String> namesIn(Throwable refusal, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(refusal.getMessage());
        Set<String> names = new TreeSet<>();
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }
}
