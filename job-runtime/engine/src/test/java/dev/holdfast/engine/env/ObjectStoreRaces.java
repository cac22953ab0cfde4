package dev.holdfast.engine.env;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.env.ObjectStore.Listed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What {@link ObjectStore} promises to many that use it at once, and what {@link ObjectStoreConformance} needs to open stores. The tests
 * use real threads, so they can pass by luck, but they fail only by a fault.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ObjectStoreRaces {
    private static final int RACES = 50;
    private static final int RACERS = 8;

    protected ObjectStore store;

    /** Opens a place that nobody has written to. */
    protected abstract ObjectStore openEmpty() throws Exception;

    /** Opens the place of the last {@link #openEmpty} once more, as another process would. */
    protected abstract ObjectStore openAgain() throws Exception;

    @BeforeEach
    final void openStore() throws Exception {
        store = openEmpty();
    }

    @AfterEach
    final void closeStore() {
        store.close();
    }

    @Test
    void ofManyRacingCreatesExactlyOneWins() throws Exception {
        try (ObjectStore other = openAgain()) {
            for (int race = 0; race < RACES; race++) {
                String key = "race/" + race;
                CyclicBarrier start = new CyclicBarrier(RACERS);
                List<Boolean> won = inParallel(IntStream.range(0, RACERS)
                        .<Callable<Boolean>>mapToObj(racer -> () -> {
                            Content content = text("racer " + racer + " ".repeat(racer * 1000));
                            start.await();
                            return (racer % 2 == 0 ? store : other).putIfAbsent(key, content);
                        })
                        .toList());

                assertThat(won).as("race %d", race).containsOnlyOnce(true);
                assertThat(read(key).strip()).isEqualTo("racer " + won.indexOf(true));
            }
        }
    }

    @Test
    void readersNeverSeeHalfAnObject() throws Exception {
        Content[] contents = {text("a".repeat(300_000)), text("b".repeat(1_000))};
        store.put("d/a", contents[0]);
        AtomicBoolean done = new AtomicBoolean();
        inParallel(List.of(
                () -> {
                    try {
                        for (int i = 0; i < 200; i++) {
                            store.put("d/a", contents[i % 2]);
                        }
                    } finally {
                        done.set(true);
                    }
                    return null;
                },
                () -> {
                    while (!done.get()) {
                        String seen = read("d/a");
                        assertThat(seen.equals("a".repeat(300_000)) || seen.equals("b".repeat(1_000)))
                                .as("%d bytes from %.1s to %s", seen.length(), seen, seen.charAt(seen.length() - 1))
                                .isTrue();
                    }
                    return null;
                }));
    }

    @Test
    void listsWhileOthersWrite() throws Exception {
        int objects = 300;
        AtomicInteger answered = new AtomicInteger(-1);
        inParallel(List.of(
                () -> {
                    for (int i = 0; i < objects; i++) {
                        store.putIfAbsent(String.format("log/%05d", i), text("x".repeat(5000)));
                        answered.set(i);
                    }
                    return null;
                },
                () -> {
                    while (answered.get() < objects - 1) {
                        int before = answered.get();
                        List<Listed> listed = store.list("log/", null, 1000);
                        for (int i = 0; i < listed.size(); i++) {
                            assertThat(listed.get(i)).isEqualTo(new Listed(String.format("log/%05d", i), 5000));
                        }
                        assertThat(listed).hasSizeGreaterThan(before);
                    }
                    return null;
                }));
    }

    @Test
    void writesAndDeletesInOnePlaceDoNotDisturbEachOther() {
        inParallel(IntStream.range(0, 6)
                .<Callable<Void>>mapToObj(worker -> () -> {
                    String key = "shared/place/" + worker;
                    for (int i = 0; i < 60; i++) {
                        assertThat(store.putIfAbsent(key, text("x"))).isTrue();
                        assertThat(store.get(key)).isNotNull();
                        store.delete(List.of(key));
                        assertThat(store.get(key)).isNull();
                    }
                    return null;
                })
                .toList());

        assertThat(store.list("", null, 10)).isEmpty();
    }

    protected static Content text(String text) {
        return Content.of(bytes(text));
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    final String read(String key) {
        byte[] bytes = store.get(key);
        assertThat(bytes).as("object '%s'", key).isNotNull();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Runs all calls at once and returns their results in order; the first failure fails the test. */
    protected static <T> List<T> inParallel(List<Callable<T>> calls) {
        try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
            List<Future<T>> futures = calls.stream().map(threads::submit).toList();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get(100, TimeUnit.SECONDS));
            }
            return results;
        } catch (Exception e) {
            throw new AssertionError("a racing call failed: " + e, e);
        }
    }
}
