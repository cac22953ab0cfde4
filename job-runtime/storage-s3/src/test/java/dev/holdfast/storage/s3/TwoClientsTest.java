package dev.holdfast.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.ObjectStore.Listed;
import dev.holdfast.testkit.S3Server;
import io.minio.errors.ErrorResponseException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store and a client of another maker agree on what is in a bucket, whoever wrote it. */
class TwoClientsTest {
    private static final String PREFIX = "jobs/two/";
    private static final int RACES = 30;

    @TempDir
    private Path directory;

    private S3Server server;
    private ObjectStore store;
    private SecondClient other;

    @BeforeEach
    void start() {
        server = S3Server.start(directory);
        store = ObjectStores.open(StoreSettings.of(URI.create("s3://" + server.bucket() + "/jobs/two"))
                .withEndpoint(server.endpoint())
                .withKeyPair(server.accessKey(), server.secretKey()));
        other = new SecondClient(server, PREFIX);
    }

    @AfterEach
    void stop() throws Exception {
        other.close();
        store.close();
        server.close();
    }

    @Test
    void theOtherReadsWhatTheStoreWrote() throws Exception {
        for (byte[] bytes : contents()) {
            store.put("put", Content.of(bytes));
            store.delete(List.of("created"));
            assertThat(store.putIfAbsent("created", Content.of(bytes))).isTrue();

            for (String key : List.of("put", "created")) {
                assertThat(other.get(key)).isEqualTo(bytes);
                assertThat(other.stat(key).size()).isEqualTo(bytes.length);
            }
        }
    }

    @Test
    void theStoreReadsWhatTheOtherWrote() throws Exception {
        for (byte[] bytes : contents()) {
            other.put("a/b", bytes);

            assertThat(store.get("a/b")).isEqualTo(bytes);
            assertThat(store.list("", null, 10)).containsExactly(new Listed("a/b", bytes.length));
        }
    }

    @Test
    void bothReadTheSameRanges() throws Exception {
        byte[] bytes = random(100_000);
        store.put("a", Content.of(bytes));

        for (int[] range : new int[][] {{0, 1}, {0, 100_000}, {7, 65_536}, {99_999, 1}}) {
            byte[] expected = Arrays.copyOfRange(bytes, range[0], range[0] + range[1]);
            assertThat(store.getRange("a", range[0], range[1])).isEqualTo(expected);
            assertThat(other.getRange("a", range[0], range[1])).isEqualTo(expected);
        }
    }

    @Test
    void theOtherReadsAnObjectThatWentInParts() throws Exception {
        byte[] bytes = random((64 << 20) + 12_345);

        assertThat(store.putIfAbsent("runs/large", Content.of(bytes))).isTrue();

        assertThat(Arrays.equals(other.get("runs/large"), bytes)).isTrue();
        assertThat(other.stat("runs/large").size()).isEqualTo(bytes.length);
        assertThat(other.stat("runs/large").etag())
                .as("the mark of an object in five parts")
                .endsWith("-5");
    }

    @Test
    void bothListTheSameKeysInTheSameOrder() throws Exception {
        TreeSet<String> keys = new TreeSet<>(List.of(
                "a-b", "a.b", "a/b", "a/b.c/d", "a/b-c", "a/c", "a0", "A", "Z/z", "_", "ab", "b/a/a/a", "b/a/a.a"));
        boolean mine = true;
        for (String key : keys.descendingSet()) {
            byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
            if (mine) {
                store.put(key, Content.of(bytes));
            } else {
                other.put(key, bytes);
            }
            mine = !mine;
        }

        for (String prefix : List.of("", "a", "a/", "a/b", "a/b.c/", "b/a/a", "x")) {
            for (String after : Arrays.asList(null, "A", "a/b", "a/b.c", "b")) {
                List<Listed> expected = keys.stream()
                        .filter(key -> key.startsWith(prefix) && (after == null || key.compareTo(after) > 0))
                        .map(key -> new Listed(key, key.length()))
                        .toList();
                String what = "prefix '" + prefix + "' after " + after;
                assertThat(store.list(prefix, after, 100)).as(what).isEqualTo(expected);
                for (int page : new int[] {1, 3, 100}) {
                    assertThat(other.list(prefix, after, page)).as(what).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void theMarkOfAnObjectIsTheHashOfItsBytesWhoeverWroteIt() throws Exception {
        byte[] bytes = random(5_000);
        String hash = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));

        store.put("put", Content.of(bytes));
        store.putIfAbsent("created", Content.of(bytes));
        other.put("other", bytes);

        for (String key : List.of("put", "created", "other")) {
            assertThat(other.stat(key).etag()).as(key).isEqualTo(hash);
        }
    }

    @Test
    void eachRefusesToCreateWhatTheOtherCreated() throws Exception {
        assertThat(store.putIfAbsent("log/1", Content.of(bytes("store")))).isTrue();
        assertThat(other.putIfAbsent("log/1", bytes("other"))).isFalse();
        assertThat(other.putIfAbsent("log/2", bytes("other"))).isTrue();
        assertThat(store.putIfAbsent("log/2", Content.of(bytes("store")))).isFalse();

        assertThat(other.get("log/1")).isEqualTo(bytes("store"));
        assertThat(store.get("log/1")).isEqualTo(bytes("store"));
        assertThat(other.get("log/2")).isEqualTo(bytes("other"));
        assertThat(store.get("log/2")).isEqualTo(bytes("other"));
    }

    @Test
    void ofBothThatRaceExactlyOneCreatesAnObject() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int race = 0; race < RACES; race++) {
                String key = "race/" + race;
                CyclicBarrier start = new CyclicBarrier(4);
                List<Callable<Boolean>> racers = List.of(
                        () -> {
                            start.await();
                            return store.putIfAbsent(key, Content.of(bytes("0")));
                        },
                        () -> {
                            start.await();
                            return other.putIfAbsent(key, bytes("1"));
                        },
                        () -> {
                            start.await();
                            return store.putIfAbsent(key, Content.of(bytes("2")));
                        },
                        () -> {
                            start.await();
                            return other.putIfAbsent(key, bytes("3"));
                        });
                List<Future<Boolean>> running =
                        racers.stream().map(threads::submit).toList();
                int winner = -1;
                for (int i = 0; i < running.size(); i++) {
                    if (running.get(i).get(60, TimeUnit.SECONDS)) {
                        assertThat(winner)
                                .as("who won race %d besides %d", race, i)
                                .isEqualTo(-1);
                        winner = i;
                    }
                }

                assertThat(winner).as("winner of race %d", race).isNotEqualTo(-1);
                byte[] expected = bytes(String.valueOf(winner));
                assertThat(store.get(key)).isEqualTo(expected);
                assertThat(other.get(key)).isEqualTo(expected);
            }
        }
    }

    @Test
    void eachSeesWhatTheOtherDeleted() throws Exception {
        store.put("a", Content.of(bytes("x")));
        store.put("b", Content.of(bytes("x")));
        store.delete(List.of("a"));
        assertThatThrownBy(() -> other.get("a"))
                .isInstanceOfSatisfying(
                        ErrorResponseException.class,
                        e -> assertThat(e.errorResponse().code()).isEqualTo("NoSuchKey"));

        other.delete("b");
        assertThat(store.get("b")).isNull();
        assertThat(store.list("", null, 10)).isEmpty();
        assertThat(other.list("", null, 10)).isEmpty();
    }

    /** None, one byte, all values, and more than one buffer. */
    private static List<byte[]> contents() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        return List.of(new byte[0], bytes("x"), all, random(1_000_000));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
