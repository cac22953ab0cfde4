package dev.holdfast.launcher;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.coordinator.JobControl;
import dev.holdfast.launcher.http.ApiException;
import dev.holdfast.launcher.rest.ConfigurationRoutes;
import dev.holdfast.launcher.rest.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a coordinator's process as they count now: what it was given, and what was changed since by HTTP. Changes are lost
 * with the process. One change at a time; any thread.
 */
final class LiveConfiguration implements ConfigurationRoutes.Settings {
    /** A coordinator takes a change in milliseconds. */
    private static final long LIMIT_MS = 10_000;

    private static final String MASK = "***";

    /** Parameters of programs whose names look like those of secrets. */
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(password|passwd|secret|token|credential|api-?key|access-?key|private-?key).*");

    private final Role role;
    private final GivenSettings given;
    private final JobControl job;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile Map<String, String> changed = Map.of();

    LiveConfiguration(Role role, GivenSettings given, JobControl job) {
        this.role = role;
        this.given = given;
        this.job = job;
    }

    @Override
    public List<Resources.Setting> all() {
        Map<String, String> now = changed;
        List<Resources.Setting> all = new ArrayList<>();
        Settings.of(role)
                .forEach(setting -> all.add(resource(setting.name(), setting.otherwise(), setting.isLive(), now)));
        given.values().keySet().stream()
                .filter(name -> name.startsWith(Settings.PARAMETER_PREFIX))
                .sorted()
                .forEach(name -> all.add(resource(name, "", false, now)));
        return all;
    }

    private Resources.Setting resource(String name, String otherwise, boolean live, Map<String, String> now) {
        String own = given.values().getOrDefault(name, "");
        String value = now.getOrDefault(name, own.isBlank() ? otherwise : own.strip());
        String source = now.containsKey(name)
                ? "live"
                : own.isBlank() ? "default" : given.sources().getOrDefault(name, "default");
        return new Resources.Setting(name, shown(name, value), source, live);
    }

    private static @Nullable String shown(String name, String value) {
        if (value.isEmpty()) {
            return null;
        }
        boolean secret = Settings.SECRETS.contains(name)
                || (name.startsWith(Settings.PARAMETER_PREFIX)
                        && SECRET.matcher(name).matches());
        return secret ? MASK : value;
    }

    @Override
    public void change(Map<String, Optional<String>> changes) throws InterruptedException {
        if (!changing.tryLock(LIMIT_MS, TimeUnit.MILLISECONDS)) {
            throw late();
        }
        try {
            Map<String, String> next = new TreeMap<>(changed);
            changes.forEach((name, value) -> {
                requireLive(name);
                value.ifPresentOrElse(text -> next.put(name, text.strip()), () -> next.remove(name));
            });
            Map<String, String> merged = new TreeMap<>(given.values());
            merged.values().removeIf(String::isBlank);
            merged.putAll(next);
            apply(CheckpointSettings.from(merged), Map.copyOf(next));
        } finally {
            changing.unlock();
        }
    }

    private void apply(CheckpointSettings settings, Map<String, String> next) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        job.change(settings, () -> {
            changed = next;
            done.countDown();
        });
        if (!done.await(LIMIT_MS, TimeUnit.MILLISECONDS)) {
            throw late();
        }
    }

    private static ApiException late() {
        return new ApiException(
                503,
                "HF-API-015",
                "the coordinator did not answer within " + LIMIT_MS + " ms; the change may still be made. Look at the"
                        + " settings before you repeat it");
    }

    private static void requireLive(String name) {
        Setting setting = Settings.find(name)
                .orElseThrow(() -> ConfigurationErrors.unknown("request", name, name, Settings.names()));
        if (!setting.isLive()) {
            throw new HoldfastException(
                    "HF-CFG-014",
                    "setting " + name + " does not change while the job runs; these do: "
                            + Settings.LIVE.stream().sorted().toList() + ". Set it where the process is started, and"
                            + " start that again");
        }
    }
}
