package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user may get wrong: one clear line each, soon, and nothing is started. */
class BadInputTest {
    /** A person waits ten seconds at most for a mistake to be named; a machine that is busy with other builds takes longer. */
    private static final long LIMIT_MS = 40_000;

    @TempDir
    Path directory;

    @Test
    void namesMissingProgram() {
        assertRefused(
                Captured.local(),
                "error: HF-CFG-002: setting program is not set; expected name of a class. Give --program ..., or set"
                        + " HOLDFAST_PROGRAM in the environment");
    }

    @Test
    void namesMissingStorage() {
        assertRefused(
                Captured.local("--program", "X"),
                "error: HF-STO-020: storage is not set. Set it to s3://bucket/prefix or file:///directory");
    }

    @Test
    void suggestsOptionThatWasMeant() {
        assertRefused(
                Captured.local("--paralelism", "2"),
                "error: HF-CFG-007: there is no option '--paralelism'. Did you mean --parallelism?");
    }

    @Test
    void suggestsCommandThatWasMeant() {
        assertRefused(
                Captured.run(Map.of(), "lokal"), "error: HF-CFG-007: there is no command 'lokal'. Did you mean local?");
    }

    @Test
    void suggestsSettingThatWasMeant() {
        assertRefused(
                start("X", "--set", "checkpoint.intervall=1s"),
                "error: HF-CFG-001: there is no setting 'checkpoint.intervall' (command line). Did you mean"
                        + " checkpoint.interval?");
    }

    @Test
    void namesBadSetting() {
        assertRefused(
                start("X", "--set", "checkpoint.retained=0"),
                "error: HF-CFG-011: setting checkpoint.retained is 0; expected 1 to 1000");
    }

    @Test
    void namesSettingOfAnotherRestartStrategy() {
        assertThat(start("X", "--set", "restart.fixed-delay.delay=1s").error())
                .startsWith("error: HF-CFG-010: there is no setting 'restart.fixed-delay.delay' with restart.strategy ="
                        + " exponential-delay");
    }

    @Test
    void namesClassThatIsNotThere() {
        assertThat(start("com.acme.Missing").error())
                .startsWith("error: HF-PRG-001: class com.acme.Missing is not on the class path.");
    }

    @Test
    void namesClassThatIsNoProgram() {
        assertThat(start("java.lang.String").error())
                .startsWith("error: HF-PRG-002: class java.lang.String is no program: it does not implement"
                        + " dev.holdfast.api.StreamProgram");
    }

    @Test
    void namesProgramWithoutUsableConstructor() {
        assertThat(start(program("NeedsArgument")).error())
                .startsWith("error: HF-PRG-003: program " + program("NeedsArgument")
                        + " has no public constructor without parameters");
        assertThat(start(program("Inner")).error())
                .isEqualTo("error: HF-PRG-003: program " + program("Inner") + " is an inner class; make it static");
        assertThat(start(program("Hidden")).error())
                .isEqualTo("error: HF-PRG-003: program " + program("Hidden")
                        + " is not a public class that can be created");
    }

    @Test
    void namesWhatTheProgramThrew() {
        assertThat(start(program("ThrowsWhenMade")).error())
                .startsWith("error: HF-PRG-004: the constructor of program " + program("ThrowsWhenMade")
                        + " threw java.lang.IllegalStateException: no licence");
        assertThat(start(program("ThrowsInDefine")).error())
                .startsWith("error: HF-PRG-005: program " + program("ThrowsInDefine")
                        + " threw java.lang.UnsupportedOperationException: not on Mondays at ")
                .contains("TestPrograms.java:");
    }

    @Test
    void showsTheStackOnlyWhenAsked() {
        Captured run = start(program("ThrowsInDefine"), "--debug");

        assertThat(run.err()).contains("\tat dev.holdfast.launcher.TestPrograms$ThrowsInDefine.define(");
    }

    @Test
    void namesMissingAndMalformedParameter() {
        assertRefused(
                start(program("Counting")),
                "error: HF-PAR-001: parameter 'count' is missing; expected a whole number. Given parameters: []");
        assertRefused(
                start(program("Counting"), "--param", "count=many"),
                "error: HF-PAR-002: parameter 'count' is 'many'; expected a whole number");
    }

    @Test
    void namesProgramThatDescribesNothing() {
        assertThat(start(program("Empty")).error()).startsWith("error: HF-PLN-0");
    }

    @Test
    void namesServerThatDoesNotAnswer() {
        Captured run = onS3("s3://holdfast/jobs", "http://127.0.0.1:1", "key", "secret");

        assertFailed(run);
        assertThat(run.error()).startsWith("error: HF-STO-001: ").contains("http://127.0.0.1:1");
    }

    @Test
    void namesBucketThatIsNotThere() {
        try (S3Server server = S3Server.start(directory.resolve("s3"))) {
            Captured run =
                    onS3("s3://another/jobs", server.endpoint().toString(), server.accessKey(), server.secretKey());

            assertFailed(run);
            assertThat(run.error()).startsWith("error: HF-STO-002: ").contains("another");
        }
    }

    @Test
    void namesWrongKeyPair() {
        try (S3Server server = S3Server.start(directory.resolve("s3"))) {
            Captured secret =
                    onS3("s3://holdfast/jobs", server.endpoint().toString(), server.accessKey(), "wrong-secret");
            Captured key = onS3("s3://holdfast/jobs", server.endpoint().toString(), "wrong-key", "wrong-secret");

            assertFailed(secret);
            assertThat(secret.error()).startsWith("error: HF-STO-003: ").doesNotContain("wrong-secret");
            assertFailed(key);
            assertThat(key.error()).startsWith("error: HF-STO-003: ").contains("wrong-key");
        }
    }

    @Test
    void namesStateThatDoesNotFit() {
        Captured before = start(program("Counting"), "--param", "count=1000");
        assertThat(before.code()).as(before.err()).isEqualTo(ExitCode.DONE);

        Captured run =
                start(program("Counting"), "--param", "count=1000", "--param", "state=text", "--from-checkpoint", "1");

        assertFailed(run);
        assertThat(run.error()).startsWith("error: HF-STA-").contains("'count'");
    }

    @Test
    void namesCheckpointThatIsNotThere() {
        Captured run = start(program("Counting"), "--param", "count=1000", "--from-checkpoint", "77");

        assertFailed(run);
        assertThat(run.error()).startsWith("error: HF-CKP-008: ").contains("no checkpoint 77");
    }

    /** With the default restart strategy, which tries for ever where trying can help. */
    @Test
    void namesInputThatIsNotThere() {
        Path input = directory.resolve("nothing.txt");

        Captured run = start(program("Reading"), "--param", "input=" + input);

        assertFailed(run);
        assertThat(run.error())
                .isEqualTo("error: HF-FIL-001: input path " + input + " does not exist; expected a file or a directory."
                        + " Check the path, and that every machine of the job sees it.");
    }

    @Test
    void namesSavepointThatIsNotThere() {
        Captured run = start(program("Counting"), "--param", "count=1000", "--from-savepoint", "before-upgrade");

        assertFailed(run);
        assertThat(run.error()).startsWith("error: HF-CKP-009: ").contains("before-upgrade");
    }

    @Test
    void refusesTwoPlacesToStartFrom() {
        assertThat(start("X", "--from-checkpoint", "1", "--ignore-state").error())
                .startsWith("error: HF-CFG-006: of restore.from-checkpoint, restore.from-savepoint and"
                        + " restore.ignore-state more than one is set");
    }

    @Test
    void refusesWorkDirectoryThatIsAFile() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        Captured run = start(program("Counting"), "--param", "count=10", "--work-directory", file.toString());

        assertThat(run.error()).startsWith("error: HF-CFG-005: work directory '" + file + "' cannot be used: ");
    }

    @Test
    void refusesFileOfSettingsThatIsNotThere() {
        assertThat(Captured.local("--config", "/no/such/file").error())
                .isEqualTo("error: HF-CFG-004: file of settings '/no/such/file' cannot be read: there is no such file."
                        + " Check path and rights");
    }

    private Captured start(String program, String... more) {
        return Captured.local(Stream.concat(
                        Stream.of(
                                "--program",
                                program,
                                "--storage",
                                directory.resolve("bucket").toUri().toString()),
                        Arrays.stream(more))
                .toArray(String[]::new));
    }

    private static Captured onS3(String storage, String endpoint, String accessKey, String secretKey) {
        return Captured.local(
                Map.of("HOLDFAST_STORAGE_ACCESS_KEY", accessKey, "HOLDFAST_STORAGE_SECRET_KEY", secretKey),
                "--program",
                program("Counting"),
                "--param",
                "count=1000",
                "--storage",
                storage,
                "--storage-endpoint",
                endpoint);
    }

    private static String program(String name) {
        return TestPrograms.class.getName() + "$" + name;
    }

    private static void assertRefused(Captured run, String error) {
        assertThat(run.error()).isEqualTo(error);
        assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
    }

    private static void assertFailed(Captured run) {
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.FAILED);
        assertThat(run.tookMs()).isLessThan(LIMIT_MS);
    }
}
