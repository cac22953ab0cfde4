package dev.holdfast.benchmarks.recovery;

import dev.holdfast.benchmarks.cluster.ProcessCluster;
import java.util.Arrays;
import java.util.List;

/**
 * What is measured.
 *
 * @param holdfast the launcher's script
 * @param classPath of the program
 * @param s3Endpoint where checkpoints go; empty for a directory
 * @param stateMb size of the whole state
 * @param rounds of each case
 * @param cases which
 */
record RecoveryOptions(
        String holdfast, String classPath, String s3Endpoint, int stateMb, int rounds, List<Case> cases) {
    static final int WORKERS = 4;
    static final int VALUE_BYTES = 1_000;

    /** How a worker goes, and who takes its place. */
    enum Case {
        /** Killed; a spare worker takes its slot, without its files. */
        SPARE,
        /** Killed; the same worker is started again at once, with its directory. */
        BACK,
        /** Killed; started again at once, with an empty directory. */
        EMPTY,
        /** Stopped, without a word; a spare worker takes its slot. */
        HANG
    }

    long keys() {
        return Math.max(1_000, stateMb * 1_000L);
    }

    /** Fills the state within about ten seconds, but leaves the machine time for everything else. */
    long perSecond() {
        return Math.clamp(keys() / 10, 20_000, 80_000);
    }

    /** The processes of a run. */
    ProcessCluster.Setup setup(int spares) {
        return new ProcessCluster.Setup(
                holdfast,
                classPath,
                s3Endpoint,
                WORKERS,
                WORKERS + spares,
                1,
                "-Xmx700m",
                List.of(
                        "--set=checkpoint.interval=1s",
                        "--set=restart.exponential-delay.initial=100ms",
                        "--set=restart.exponential-delay.maximum=500ms",
                        "--set=restart.exponential-delay.reset-after=1s"),
                List.of("--state-memory=200m"),
                List.of(
                        "--program=" + RecoveryProgram.class.getName(),
                        "--name=recovery",
                        "--log-level=debug",
                        "--param=keys=" + keys(),
                        "--param=value-bytes=" + VALUE_BYTES,
                        "--param=per-second=" + perSecond()));
    }

    static RecoveryOptions of(String[] args) {
        String holdfast = "";
        String classPath = "";
        String s3 = "";
        int stateMb = 1_000;
        int rounds = 20;
        List<Case> cases = List.of(Case.values());
        for (String arg : args) {
            int equals = arg.indexOf('=');
            String name = equals < 0 ? arg : arg.substring(0, equals);
            String value = arg.substring(equals + 1);
            switch (name) {
                case "--holdfast" -> holdfast = value;
                case "--class-path" -> classPath = value;
                case "--s3" -> s3 = value;
                case "--state-mb" -> stateMb = Integer.parseInt(value);
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--cases" ->
                    cases = Arrays.stream(value.split(","))
                            .map(each -> Case.valueOf(each.toUpperCase(java.util.Locale.ROOT)))
                            .toList();
                default ->
                    throw new IllegalArgumentException("unknown option '" + arg
                            + "'; there are --state-mb, --rounds, --cases=spare,back,empty,hang and --s3");
            }
        }
        return new RecoveryOptions(holdfast, classPath, s3, stateMb, rounds, cases);
    }
}
