package dev.holdfast.simulation.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.env.simulated.SimulatedRandomness;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SharedFilesTest {
    private SharedFiles files;
    private FilesView view;
    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        files = new SharedFiles();
        view = new FilesView(files, "p", what -> {});
        directory = Files.createDirectories(view.getPath("/out/deep"));
    }

    private void write(String name, String text, boolean force) throws IOException {
        try (FileChannel channel =
                FileChannel.open(directory.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(text.getBytes()));
            if (force) {
                channel.force(true);
            }
        }
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Test
    void isAFileSystemAsOthersAre() throws IOException {
        write("a", "one", false);

        assertThat(Files.readString(directory.resolve("a"))).isEqualTo("one");
        assertThat(Files.size(directory.resolve("a"))).isEqualTo(3);
        assertThat(Files.exists(directory.resolve("b"))).isFalse();
        assertThatThrownBy(() -> write("a", "two", false)).isInstanceOf(FileAlreadyExistsException.class);
        Files.move(directory.resolve("a"), directory.getParent().resolve("b"), StandardCopyOption.ATOMIC_MOVE);
        assertThat(files.filesIn("/out")).containsOnlyKeys("/out/b");
        assertThatThrownBy(() -> Files.delete(directory.resolve("a"))).isInstanceOf(NoSuchFileException.class);
        assertThat(Files.deleteIfExists(view.getPath("/out/b"))).isTrue();
    }

    @Test
    void whatWasForcedSurvivesEveryCrash() throws IOException {
        write("a", "forced", true);
        force(directory);
        force(directory.getParent());
        force(view.getPath("/"));
        for (int i = 0; i < 50; i++) {
            files.crash(new SimulatedRandomness(i));
            assertThat(Files.readString(directory.resolve("a"))).isEqualTo("forced");
        }
    }

    @Test
    void contentThatWasNotForcedIsLostInSomeCrashes() throws IOException {
        boolean lost = false;
        for (int i = 0; i < 50; i++) {
            makeDirectory();
            write("a", "not forced", false);
            force(directory);
            force(directory.getParent());
            force(view.getPath("/"));
            files.crash(new SimulatedRandomness(i));
            lost |= !Files.readString(directory.resolve("a")).equals("not forced");
        }
        assertThat(lost).isTrue();
    }

    /** A rename is one change: after a crash the file is at one of both places, and not at both. */
    @Test
    void aRenameThatWasNotForcedIsDoneOrNot() throws IOException {
        int done = 0;
        for (int i = 0; i < 50; i++) {
            makeDirectory();
            write("a", "x", true);
            force(directory);
            force(directory.getParent());
            force(view.getPath("/"));
            Files.move(directory.resolve("a"), directory.getParent().resolve("b"), StandardCopyOption.ATOMIC_MOVE);
            files.crash(new SimulatedRandomness(i));
            boolean there = Files.exists(view.getPath("/out/b"));
            assertThat(Files.exists(directory.resolve("a"))).isNotEqualTo(there);
            done += there ? 1 : 0;
        }
        assertThat(done).isBetween(5, 45);
    }

    @Test
    void theCrashOfOneMachineTakesWhatItWrote() throws IOException {
        write("a", "of p", false);

        files.crash("another", new SimulatedRandomness(1));
        assertThat(Files.readString(directory.resolve("a"))).isEqualTo("of p");
        boolean lost = false;
        for (int i = 0; i < 20 && !lost; i++) {
            files.crash("p", new SimulatedRandomness(i));
            lost = !Files.readString(directory.resolve("a")).equals("of p");
        }
        assertThat(lost).isTrue();
    }
}
