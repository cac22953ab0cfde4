package dev.holdfast.storage.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.ObjectStoreConformance;
import dev.holdfast.engine.env.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryObjectStoreTest extends ObjectStoreConformance {
    @TempDir
    private Path directory;

    @Override
    protected ObjectStore openEmpty() {
        return DirectoryObjectStore.open(directory.resolve("made/on/opening"));
    }

    @Override
    protected ObjectStore openAgain() {
        return DirectoryObjectStore.open(directory.resolve("made/on/opening"));
    }

    @Test
    void refusesAnObjectWhereADirectoryIs() {
        store.put("a/b", text("x"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.putIfAbsent("a", text("x")))
                .withMessageContaining("cannot write 'a': there is 'a'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.put("a", text("x")))
                .withMessageContaining("cannot write 'a': there is 'a'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.put("a/b/c/d", text("x")))
                .withMessageContaining("cannot write 'a/b/c/d': there is 'a/b'");
        assertThat(store.get("a")).isNull();
        assertThat(store.get("a/b/c")).isNull();
        store.delete(List.of("a", "a/b/c"));
        assertThat(store.list("", null, 10)).hasSize(1);
    }

    @Test
    void takesThePlaceOfAnEmptyDirectoryThatADeadProcessLeft() throws IOException {
        Files.createDirectories(directory.resolve("made/on/opening/a/b"));

        assertThat(store.putIfAbsent("a/b", text("x"))).isTrue();
        assertThat(store.get("a/b")).isNotNull();
    }

    @Test
    void leavesNoEmptyDirectoriesBehind() throws IOException {
        store.put("a/b/c", text("x"));
        store.put("a/d", text("x"));
        store.delete(List.of("a/b/c"));
        assertThat(directory.resolve("made/on/opening/a/b")).doesNotExist();

        store.delete(List.of("a/d"));
        try (Stream<Path> left = Files.walk(directory.resolve("made/on/opening"))) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
        assertThat(directory.resolve("made/on/opening/a")).doesNotExist();
    }

    @Test
    void doesNotListWhatIsNoObject() throws IOException {
        Path root = directory.resolve("made/on/opening");
        Files.writeString(root.resolve("some file~"), "x");
        Files.createDirectories(root.resolve("empty"));
        Files.createSymbolicLink(root.resolve("link"), directory);

        assertThat(store.list("", null, 10)).isEmpty();
    }

    @Test
    void removesOldLeftOversOfDeadProcesses() throws IOException {
        Path left = Files.writeString(directory.resolve("made/on/opening/#new/of-a-dead-process"), "x");
        Path live = Files.writeString(directory.resolve("made/on/opening/#new/of-a-living-process"), "x");
        Files.setLastModifiedTime(
                left, FileTime.fromMillis(Files.getLastModifiedTime(live).toMillis() - 25 * 60 * 60 * 1000L));

        openAgain().close();

        assertThat(left).doesNotExist();
        assertThat(live).exists();
    }

    @Test
    void refusesAFileAsItsPlace() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");

        assertThatThrownBy(() -> DirectoryObjectStore.open(file))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.DISK))
                .hasMessageContaining(file + " is to be the store but is no directory");
        assertThatThrownBy(() -> DirectoryObjectStore.open(file.resolve("below")))
                .hasMessageContaining("is no directory");
    }

    @Test
    void refusesAPlaceThatCannotBeMade() {
        assertThatThrownBy(() -> DirectoryObjectStore.open(Path.of("/proc/nothing-here")))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.DISK))
                .hasMessageContaining("cannot use directory /proc/nothing-here as the store");
    }
}
