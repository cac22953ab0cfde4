package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {
    private static final List<String> JOB = List.of("ns", "job", "1");

    @TempDir
    Path directory;

    @Test
    void removesWhatAKilledProcessLeft() throws Exception {
        Path left = directory.resolve("ns/job/1/files/slot-0/db");
        Files.createDirectories(left);
        Files.writeString(left.resolve("000001.sst"), "old");

        try (WorkDirectory opened = WorkDirectory.open(given(), JOB, WorkDirectory.Left.DELETED)) {
            assertThat(opened.files()).isEmptyDirectory();
        }
    }

    @Test
    void refusesADirectoryThatAnotherProcessUses() {
        try (WorkDirectory first = WorkDirectory.open(given(), JOB, WorkDirectory.Left.DELETED)) {
            assertThat(first.files()).exists();
            assertThatThrownBy(() -> WorkDirectory.open(given(), JOB, WorkDirectory.Left.DELETED))
                    .hasMessageStartingWith("HF-CFG-005: work directory '" + directory
                            + "' cannot be used: another process uses ns/job/1 in it");
        }
    }

    @Test
    void keepsJobsApart() throws Exception {
        try (WorkDirectory first = WorkDirectory.open(given(), JOB, WorkDirectory.Left.DELETED)) {
            Files.writeString(first.files().resolve("a"), "a");
            try (WorkDirectory second =
                    WorkDirectory.open(given(), List.of("ns", "job", "2"), WorkDirectory.Left.DELETED)) {
                assertThat(second.files()).isEmptyDirectory();
            }
            assertThat(first.files().resolve("a")).exists();
        }
    }

    @Test
    void keepsFilesForTheNextProcessWhereItIsToldTo() throws Exception {
        try (WorkDirectory first = WorkDirectory.open(given(), JOB, WorkDirectory.Left.KEPT)) {
            Files.writeString(first.files().resolve("a"), "a");
        }
        try (WorkDirectory second = WorkDirectory.open(given(), JOB, WorkDirectory.Left.KEPT)) {
            assertThat(second.files().resolve("a")).hasContent("a");
            assertThatThrownBy(() -> WorkDirectory.open(given(), JOB, WorkDirectory.Left.KEPT))
                    .hasMessageContaining("another process uses ns/job/1 in it");
        }
    }

    @Test
    void leavesNothingOfATemporaryDirectory() {
        Path files;
        try (WorkDirectory opened = WorkDirectory.open(Optional.empty(), JOB, WorkDirectory.Left.DELETED)) {
            files = opened.files();
        }
        assertThat(files.getParent()).doesNotExist();
    }

    private Optional<String> given() {
        return Optional.of(directory.toString());
    }
}
