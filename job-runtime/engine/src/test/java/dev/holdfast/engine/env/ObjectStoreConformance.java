package dev.holdfast.engine.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.env.ObjectStore.Listed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link ObjectStore} promises. Each implementation extends this class. */
public abstract class ObjectStoreConformance extends ObjectStoreRaces {
    private static final int BIG_BYTES = 20 << 20;

    @Test
    void readsBackWhatWasPut() {
        store.put("a", text("one"));

        assertThat(read("a")).isEqualTo("one");
    }

    @Test
    void putReplaces() {
        store.put("a", text("a longer one"));
        store.put("a", text("two"));

        assertThat(read("a")).isEqualTo("two");
        assertThat(store.list("", null, 10)).containsExactly(new Listed("a", 3));
    }

    @Test
    void putIfAbsentWritesOnlyOnce() {
        assertThat(store.putIfAbsent("log/1", text("first"))).isTrue();
        assertThat(store.putIfAbsent("log/1", text("second"))).isFalse();

        assertThat(read("log/1")).isEqualTo("first");
    }

    @Test
    void putIfAbsentOfTheSameBytesIsStillRefused() {
        assertThat(store.putIfAbsent("log/1", text("same"))).isTrue();
        assertThat(store.putIfAbsent("log/1", text("same"))).isFalse();
    }

    @Test
    void putIfAbsentRefusesWhatPutWrote() {
        store.put("a", text("put"));

        assertThat(store.putIfAbsent("a", text("absent"))).isFalse();
        assertThat(read("a")).isEqualTo("put");
    }

    @Test
    void putIfAbsentWritesAgainAfterDelete() {
        store.putIfAbsent("a", text("first"));
        store.delete(List.of("a"));

        assertThat(store.putIfAbsent("a", text("second"))).isTrue();
        assertThat(read("a")).isEqualTo("second");
    }

    @Test
    void anotherProcessSeesEveryAnsweredWriteAndDelete() throws Exception {
        try (ObjectStore other = openAgain()) {
            store.put("d/a", text("one"));
            assertThat(other.get("d/a")).isEqualTo(bytes("one"));
            assertThat(other.putIfAbsent("d/a", text("two"))).isFalse();
            assertThat(other.list("d/", null, 10)).containsExactly(new Listed("d/a", 3));

            other.delete(List.of("d/a"));
            assertThat(store.get("d/a")).isNull();
            assertThat(store.list("d/", null, 10)).isEmpty();
        }
    }

    @Test
    void whatIsAbsentReadsAsNull() {
        assertThat(store.get("none")).isNull();
        assertThat(store.get("no/such/place")).isNull();
    }

    @Test
    void emptyObjectsExist() {
        assertThat(store.putIfAbsent("empty", text(""))).isTrue();
        assertThat(store.putIfAbsent("empty", text("x"))).isFalse();

        assertThat(store.get("empty")).isEmpty();
        assertThat(store.getRange("empty", 0, 0)).isEmpty();
        assertThat(store.list("", null, 10)).containsExactly(new Listed("empty", 0));
    }

    @Test
    void bytesOfAllValuesComeBack() {
        byte[] all = new byte[256];
        IntStream.range(0, 256).forEach(i -> all[i] = (byte) i);
        store.put("bytes", Content.of(all));

        assertThat(store.get("bytes")).isEqualTo(all);
    }

    @Test
    void contentMayBePartOfAnArray() {
        store.put("part", Content.of(bytes("0123456789"), 3, 4));

        assertThat(read("part")).isEqualTo("3456");
    }

    @Test
    void readsRanges() {
        store.put("a", text("0123456789"));

        assertThat(store.getRange("a", 0, 10)).isEqualTo(bytes("0123456789"));
        assertThat(store.getRange("a", 0, 1)).isEqualTo(bytes("0"));
        assertThat(store.getRange("a", 3, 4)).isEqualTo(bytes("3456"));
        assertThat(store.getRange("a", 9, 1)).isEqualTo(bytes("9"));
        assertThat(store.getRange("a", 5, 0)).isEmpty();
        assertThat(store.getRange("a", 10, 0)).isEmpty();
    }

    @Test
    void rangesBeyondTheEndAreDamage() {
        store.put("d/a", text("0123456789"));

        for (long[] range :
                new long[][] {{0, 11}, {9, 2}, {10, 1}, {11, 0}, {5_000_000_000L, 1}, {1, Integer.MAX_VALUE}}) {
            assertThatThrownBy(() -> store.getRange("d/a", range[0], (int) range[1]))
                    .as("range %s", Arrays.toString(range))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.DAMAGED))
                    .hasMessageContaining("d/a")
                    .hasMessageContaining("10 bytes");
        }
    }

    @Test
    void rangesOfWhatIsAbsentAreNotFound() {
        for (int length : new int[] {0, 1}) {
            assertThatThrownBy(() -> store.getRange("d/none", 0, length))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.NOT_FOUND))
                    .hasMessageContaining("d/none");
        }
    }

    @Test
    void refusesRangesThatAreNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> store.getRange("a", -1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> store.getRange("a", 0, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> store.getRange("a", Long.MAX_VALUE, 1));
    }

    @Test
    void bigObjectsComeFromFiles(@TempDir Path directory) throws IOException {
        byte[] bytes = new byte[BIG_BYTES];
        new Random(1).nextBytes(bytes);
        Content content = fileOf(directory.resolve("big"), bytes);

        assertThat(store.putIfAbsent("runs/big", content)).isTrue();
        assertThat(store.putIfAbsent("runs/big", content)).isFalse();

        assertThat(Arrays.equals(store.get("runs/big"), bytes)).isTrue();
        assertThat(store.getRange("runs/big", BIG_BYTES - 5L, 5))
                .isEqualTo(Arrays.copyOfRange(bytes, BIG_BYTES - 5, BIG_BYTES));
        assertThat(store.list("runs/", null, 10)).containsExactly(new Listed("runs/big", BIG_BYTES));
    }

    @Test
    void contentThatIsShorterThanItSaysIsNotWritten() {
        assertThatThrownBy(() -> store.put("a", lying(5, "1234")))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.DAMAGED))
                .hasMessageContaining("5 bytes");
        assertThatThrownBy(() -> store.putIfAbsent("a", lying(5, "1234")))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.DAMAGED));

        assertThat(store.get("a")).isNull();
        assertThat(store.list("", null, 10)).isEmpty();
    }

    @Test
    void contentThatIsLongerThanItSaysIsNotWritten() {
        for (String key : List.of("a", "b")) {
            assertThatThrownBy(() -> {
                        if (key.equals("a")) {
                            store.put(key, lying(3, "1234"));
                        } else {
                            store.putIfAbsent(key, lying(0, "1234"));
                        }
                    })
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.DAMAGED));
            assertThat(store.get(key)).isNull();
        }
    }

    @Test
    void contentThatCannotBeReadIsAnErrorOfTheDisk() {
        for (Exception failure : List.of(
                new IOException("sector 7 is gone"),
                new StoreException(StoreException.Kind.DISK, "sector 7 is gone"))) {
            for (Content broken : List.of(failsToOpen(failure), failsToRead(failure))) {
                assertThatThrownBy(() -> store.putIfAbsent("a", broken))
                        .isInstanceOfSatisfying(
                                StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.DISK))
                        .hasMessageContaining("sector 7 is gone");
                assertThat(store.get("a")).isNull();
            }
        }
    }

    @Test
    void listsInByteOrderByAnyPrefix() {
        List<String> keys = List.of(
                "a-b", "a.b", "a/b", "a/b.c/d", "a/b-c", "a/c", "a0", "A", "Z/z", "_", "ab", "b/a/a/a", "b/a/a.a");
        keys.forEach(key -> store.put(key, text(key)));
        TreeSet<String> sorted = new TreeSet<>(keys);

        for (String prefix :
                List.of("", "a", "a/", "a/b", "a/b.c", "a/b.c/", "a/b.c/d", "b/a/a", "b/a/a/", "Z", "x", "a/x/y")) {
            assertThat(store.list(prefix, null, 1000))
                    .as("prefix '%s'", prefix)
                    .isEqualTo(sorted.stream()
                            .filter(key -> key.startsWith(prefix))
                            .map(key -> new Listed(key, key.length()))
                            .toList());
        }
    }

    @Test
    void listsOnlyAfterAKey() {
        List.of("a", "b/1", "b/2", "b/3/x", "c").forEach(key -> store.put(key, text("")));

        assertThat(keys(store.list("", "a", 10))).containsExactly("b/1", "b/2", "b/3/x", "c");
        assertThat(keys(store.list("", "b/1", 10))).containsExactly("b/2", "b/3/x", "c");
        assertThat(keys(store.list("", "b/3/x", 10))).containsExactly("c");
        assertThat(keys(store.list("", "c", 10))).isEmpty();
        // Keys that do not exist, within and outside of the prefix.
        assertThat(keys(store.list("", "b/15", 10))).containsExactly("b/2", "b/3/x", "c");
        assertThat(keys(store.list("", "b", 10))).containsExactly("b/1", "b/2", "b/3/x", "c");
        assertThat(keys(store.list("", "b/", 10))).containsExactly("b/1", "b/2", "b/3/x", "c");
        assertThat(keys(store.list("", "b/3", 10))).containsExactly("b/3/x", "c");
        assertThat(keys(store.list("b/", "a", 10))).containsExactly("b/1", "b/2", "b/3/x");
        assertThat(keys(store.list("b/", "b/2", 10))).containsExactly("b/3/x");
        assertThat(keys(store.list("b/", "c", 10))).isEmpty();
    }

    @Test
    void pagesThroughManyKeys() {
        TreeSet<String> all = new TreeSet<>();
        inParallel(IntStream.range(0, 4)
                .<Callable<Void>>mapToObj(writer -> () -> {
                    for (int i = writer; i < 230; i += 4) {
                        store.put("p/" + i % 7 + "/" + i, text("x"));
                    }
                    return null;
                })
                .toList());
        IntStream.range(0, 230).forEach(i -> all.add("p/" + i % 7 + "/" + i));

        for (int page : new int[] {1, 7, 100, 229, 230, 231, 1000}) {
            List<String> seen = new ArrayList<>();
            String after = null;
            while (true) {
                List<String> keys = keys(store.list("p/", after, page));
                seen.addAll(keys);
                if (keys.size() < page) {
                    break;
                }
                after = keys.getLast();
            }
            assertThat(seen).as("pages of %d", page).containsExactlyElementsOf(all);
        }
    }

    @Test
    void refusesPagesOfNoneOrTooMany() {
        assertThatIllegalArgumentException().isThrownBy(() -> store.list("", null, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> store.list("", null, 1001));
    }

    @Test
    void deletesManyAndPassesOverTheAbsent() {
        store.put("a", text("1"));
        store.put("b/c", text("2"));
        store.put("b/d", text("3"));

        store.delete(List.of("a", "none", "b/none", "no/such", "b/c"));
        store.delete(List.of("a"));
        store.delete(List.of());

        assertThat(keys(store.list("", null, 10))).containsExactly("b/d");
    }

    @Test
    void deletesAsManyAsItSays() {
        List<String> keys = IntStream.range(0, ObjectStore.MAX_KEYS)
                .mapToObj(i -> "many/" + i)
                .toList();
        keys.stream().limit(20).forEach(key -> store.put(key, text("x")));

        store.delete(keys);

        assertThat(store.list("", null, 10)).isEmpty();
        List<String> tooMany = new ArrayList<>(keys);
        tooMany.add("one-more");
        assertThatIllegalArgumentException().isThrownBy(() -> store.delete(tooMany));
    }

    @Test
    void aPlaceIsUsableAfterItsLastObjectWentAway() {
        store.put("x/y/z", text("1"));
        store.delete(List.of("x/y/z"));

        store.put("x/y", text("2"));
        assertThat(read("x/y")).isEqualTo("2");
        store.delete(List.of("x/y"));
        assertThat(store.putIfAbsent("x/y/z", text("3"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "A/b/C", "0", "...", "a..b", ".hidden", "-", "_", "a/.b/..c", "log/00000000000000000001"})
    void takesKeysThatKeepTheRules(String key) {
        assertThat(store.putIfAbsent(key, text(key))).isTrue();
        assertThat(read(key)).isEqualTo(key);
        assertThat(store.list(key, null, 10)).containsExactly(new Listed(key, key.length()));
        store.delete(List.of(key));
        assertThat(store.get(key)).isNull();
    }

    @Test
    void takesTheLongestKeys() {
        String part = "p".repeat(199);
        String key = String.join("/", "q" + part, part + "r", part, part, "s".repeat(98));
        assertThat(key).hasSize(900);

        assertThat(store.putIfAbsent(key, text("long"))).isTrue();
        assertThat(store.putIfAbsent(key, text("long"))).isFalse();
        assertThat(read(key)).isEqualTo("long");
        assertThat(store.list("", null, 10)).containsExactly(new Listed(key, 4));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/", "/a", "a/", "a//b", ".", "..", "a/.", "../a", "a/../b", "a b", "a\\b", "ä", "a%2fb", "a\u0000",
                "a~", "a#"
            })
    void refusesKeysThatBreakTheRules(String key) {
        assertThatIllegalArgumentException().isThrownBy(() -> store.put(key, text("x")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.putIfAbsent(key, text("x")))
                .withMessageContaining("'" + key + "' is no key");
        assertThatIllegalArgumentException().isThrownBy(() -> store.get(key));
        assertThatIllegalArgumentException().isThrownBy(() -> store.getRange(key, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> store.delete(List.of(key)));
        assertThat(store.list("", null, 10)).isEmpty();
    }

    @Test
    void refusesKeysThatAreTooLong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.put("p".repeat(201), text("x")))
                .withMessageContaining("the most is 200");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.put("pp/".repeat(300) + "x", text("x")))
                .withMessageContaining("the most is 900");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "a//", "../", "a b", "ä"})
    void refusesPrefixesThatNoKeyBeginsWith(String prefix) {
        assertThatIllegalArgumentException().isThrownBy(() -> store.list(prefix, null, 10));
    }

    @Test
    void saysWhatItIs() {
        assertThat(store.describe()).isNotBlank();
    }

    protected static Content fileOf(Path path, byte[] bytes) throws IOException {
        Files.write(path, bytes);
        return new Content() {
            @Override
            public long sizeBytes() {
                return bytes.length;
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(path);
            }
        };
    }

    private static List<String> keys(List<Listed> listed) {
        return listed.stream().map(Listed::key).toList();
    }

    private static Content lying(long sizeBytes, String text) {
        return new Content() {
            @Override
            public long sizeBytes() {
                return sizeBytes;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes(text));
            }
        };
    }

    private static Content failsToOpen(Exception failure) {
        return new Content() {
            @Override
            public long sizeBytes() {
                return 5;
            }

            @Override
            public InputStream open() throws IOException {
                throw raise(failure);
            }
        };
    }

    private static Content failsToRead(Exception failure) {
        return new Content() {
            @Override
            public long sizeBytes() {
                return 5;
            }

            @Override
            public InputStream open() {
                return new InputStream() {
                    private int left = 3;

                    @Override
                    public int read() throws IOException {
                        if (left-- == 0) {
                            throw raise(failure);
                        }
                        return 'x';
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) throws IOException {
                        bytes[offset] = (byte) read();
                        return 1;
                    }
                };
            }
        };
    }

    private static RuntimeException raise(Exception failure) throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        }
        return (RuntimeException) failure;
    }
}
