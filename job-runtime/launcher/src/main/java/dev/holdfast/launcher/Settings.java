package dev.holdfast.launcher;

import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.protocol.Timeouts;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** All settings that exist, in the order of the docs, and their names in the code. */
final class Settings {
    static final String PROGRAM = "program";
    static final String JOB_NAME = "job.name";
    static final String JOB_NAMESPACE = "job.namespace";
    static final String JOB_ID = "job.id";
    static final String PARALLELISM = "parallelism";
    static final String MAX_PARALLELISM = "max-parallelism";
    static final String STATE_MEMORY = "state.memory";
    static final String WORK_DIRECTORY = "work-directory";
    static final String FROM_CHECKPOINT = "restore.from-checkpoint";
    static final String FROM_SAVEPOINT = "restore.from-savepoint";
    static final String IGNORE_STATE = "restore.ignore-state";
    static final String RESTORE_NONCE = "restore.nonce";
    static final String ALLOW_DROPPED_STATE = "restore.allow-dropped-state";
    static final String STOP_SAVEPOINT = "stop.savepoint";
    static final String PROGRESS_INTERVAL = "progress.interval";
    static final String LOG_LEVEL = "log.level";

    /** Stands before the names of the program's own parameters. */
    static final String PARAMETER_PREFIX = "parameter.";

    /** Ends the name of a setting whose value is the path of a file that holds the secret. */
    static final String FILE_SUFFIX = "-file";

    /** Settings of the store that may also be read from a file, since they are secret. */
    static final List<String> SECRETS = List.of("storage.access-key", "storage.secret-key", "storage.session-token");

    /** Settings that may be changed by HTTP while the job runs. */
    static final Set<String> LIVE = Set.of(
            CheckpointSettings.INTERVAL,
            CheckpointSettings.TIMEOUT,
            CheckpointSettings.MINIMUM_PAUSE,
            CheckpointSettings.TOLERABLE_FAILURES,
            CheckpointSettings.RETAINED);

    private static final String DURATION = "duration";
    private static final String NUMBER = "number";
    private static final String TEXT = "text";
    private static final String FLAG = "true, false";
    private static final String FILE = "path of a file";

    private static final List<Setting> OF_THE_JOB = List.of(
            new Setting(
                    PROGRAM,
                    "--program",
                    "name of a class",
                    "",
                    "The program: a class that implements `dev.holdfast.api.StreamProgram`. Required."),
            new Setting(
                    JOB_NAME,
                    "--name",
                    TEXT,
                    "",
                    "Name of the job, part of its place in the bucket. Unless set, made of the program's class:"
                            + " `WordCount` gives `word-count`."),
            new Setting(JOB_NAMESPACE, "--namespace", TEXT, "default", "Namespace of the job, part of its place."),
            new Setting(
                    JOB_ID,
                    "--id",
                    TEXT,
                    "local",
                    "Tells jobs apart that have one name; part of its place. A start with the same namespace, name and"
                            + " id goes on with the same job."),
            new Setting(
                    PARALLELISM,
                    "--parallelism",
                    NUMBER,
                    "1",
                    "Number of slots, and of tasks of operators that set none. May change from start to start."),
            new Setting(
                    MAX_PARALLELISM,
                    "--max-parallelism",
                    NUMBER,
                    "128",
                    "Number of key groups, the most that `parallelism` can ever be. Cannot change once there is"
                            + " state."),
            new Setting(
                    STATE_MEMORY,
                    "--state-memory",
                    "size",
                    "",
                    "Memory for the state of all slots together, at most three quarters of the heap. State that does"
                            + " not fit lies on the disk. Unless set, a quarter of the heap."),
            new Setting(
                    WORK_DIRECTORY,
                    "--work-directory",
                    "path of a directory",
                    "",
                    "Where local files of the state lie while the process runs; nothing there is ever needed again."
                            + " Unless set, a new directory below the system's temporary one."),
            new Setting(
                    "storage",
                    "--storage",
                    "s3://bucket/prefix or file:///directory",
                    "",
                    "Where checkpoints and savepoints are kept. Required."),
            new Setting(
                    "storage.endpoint",
                    "--storage-endpoint",
                    "http://host:port",
                    "",
                    "The S3 server, where it is not AWS."),
            new Setting(
                    "storage.region",
                    "--storage-region",
                    TEXT,
                    "",
                    "Region of the bucket. Unless set: `us-east-1` with an endpoint, otherwise what the AWS SDK finds"
                            + " in the environment."),
            new Setting(
                    "storage.path-style",
                    "--storage-path-style",
                    FLAG,
                    "",
                    "Whether the bucket stands in the path of requests, not in the host's name. Unless set, true where"
                            + " an endpoint is."),
            new Setting(
                    "storage.ca-file",
                    "--storage-ca-file",
                    FILE,
                    "",
                    "Certificates (PEM) of authorities to trust beside those that Java trusts."),
            new Setting(
                    "storage.access-key",
                    "",
                    TEXT,
                    "",
                    "Key pair for the store. Unless set, the AWS SDK's chain: environment, profile, web identity,"
                            + " container, instance."),
            new Setting("storage.secret-key", "", TEXT, "", "The secret of that pair."),
            new Setting("storage.session-token", "", TEXT, "", "The token of a temporary pair."),
            new Setting("storage.access-key-file", "", FILE, "", "A file that holds `storage.access-key`."),
            new Setting("storage.secret-key-file", "", FILE, "", "A file that holds `storage.secret-key`."),
            new Setting("storage.session-token-file", "", FILE, "", "A file that holds `storage.session-token`."),
            new Setting(
                    "storage.connect-timeout-ms",
                    "",
                    NUMBER,
                    "2000",
                    "How long finding and connecting a server may take."),
            new Setting("storage.attempt-timeout-ms", "", NUMBER, "3000", "How long one try of a call may take."),
            new Setting("storage.call-timeout-ms", "", NUMBER, "8000", "How long all tries of a call may take."),
            new Setting("storage.max-attempts", "", NUMBER, "10", "How often a call is tried."),
            new Setting(
                    "checkpoint.interval",
                    "",
                    DURATION,
                    "10s",
                    "From the start of one checkpoint to that of the next."),
            new Setting("checkpoint.timeout", "", DURATION, "10m", "A checkpoint that takes longer has failed."),
            new Setting(
                    "checkpoint.minimum-pause",
                    "",
                    DURATION,
                    "0ms",
                    "From the end of one checkpoint to the start of the next, at least."),
            new Setting("checkpoint.maximum-concurrent", "", NUMBER, "1", "Checkpoints that may be under way at once."),
            new Setting(
                    "checkpoint.tolerable-failures",
                    "",
                    NUMBER,
                    "3",
                    "Checkpoints in a row that may fail before the job fails and restarts."),
            new Setting("checkpoint.retained", "", NUMBER, "2", "Complete checkpoints to keep."),
            new Setting(
                    "checkpoint.retain-on-cancel",
                    "",
                    FLAG,
                    "true",
                    "Whether checkpoints stay when the job is canceled."),
            new Setting(
                    "checkpoint.restore-older-when-damaged",
                    "",
                    FLAG,
                    "false",
                    "Whether a start may use an older checkpoint where the newest is missing or damaged. What was"
                            + " committed since is then committed again."),
            new Setting(
                    Timeouts.DEPLOY,
                    "",
                    DURATION,
                    "30m",
                    "How long deploying may take: fetching the state, committing and recovering. Then the attempt fails and"
                            + " the job restarts. Raise it for a state that takes longer to fetch."),
            new Setting(
                    Timeouts.CALL,
                    "",
                    DURATION,
                    "10m",
                    "How long one call of a function, reader or writer may keep a slot's thread. Then the attempt fails."),
            new Setting(
                    Timeouts.CANCEL,
                    "",
                    DURATION,
                    "3m",
                    "How long the tasks of an attempt may take to end. Then the process ends, with exit code 4 where the job"
                            + " is to go on: start it again."),
            new Setting(
                    Timeouts.PREPARE,
                    "",
                    DURATION,
                    "10m",
                    "How long a sink may take to prepare a checkpoint. Then the attempt fails."),
            new Setting(
                    Timeouts.COMMIT,
                    "",
                    DURATION,
                    "10m",
                    "How long a sink may take to commit a checkpoint, with all tries, or to recover. Then the attempt fails;"
                            + " the next one commits again."),
            new Setting(
                    Timeouts.ENUMERATOR,
                    "",
                    DURATION,
                    "3m",
                    "How long one call of a source's enumerator may keep the coordinator's thread. Then the process ends with"
                            + " exit code 4: start it again."),
            new Setting(
                    Timeouts.SAVEPOINT,
                    "",
                    DURATION,
                    "1h",
                    "How long copying a checkpoint into a savepoint may take. Then the savepoint fails and the job goes on."),
            new Setting(
                    "restart.strategy",
                    "",
                    "none, fixed-delay, exponential-delay, failure-rate",
                    "exponential-delay",
                    "Whether and when the tasks start again after a failure. Settings of another strategy than this"
                            + " one are errors."),
            new Setting("restart.fixed-delay.attempts", "", NUMBER, "10", "Restarts over the life of the process."),
            new Setting("restart.fixed-delay.delay", "", DURATION, "1s", "Before the second restart and later ones."),
            new Setting("restart.exponential-delay.initial", "", DURATION, "1s", "Before the second restart in a row."),
            new Setting("restart.exponential-delay.maximum", "", DURATION, "1m", "The longest delay."),
            new Setting("restart.exponential-delay.multiplier", "", NUMBER, "1.5", "From each delay to the next."),
            new Setting(
                    "restart.exponential-delay.jitter",
                    "",
                    "0 to 1",
                    "0.1",
                    "Share by which a delay differs at random."),
            new Setting(
                    "restart.exponential-delay.reset-after",
                    "",
                    DURATION,
                    "1h",
                    "After so long without a failure, delays begin anew."),
            new Setting(
                    "restart.failure-rate.maximum-failures",
                    "",
                    NUMBER,
                    "10",
                    "More failures than this within the interval end the job."),
            new Setting("restart.failure-rate.interval", "", DURATION, "10m", "The interval in which failures count."),
            new Setting("restart.failure-rate.delay", "", DURATION, "1s", "Before the second restart and later ones."),
            new Setting(
                    FROM_CHECKPOINT,
                    "--from-checkpoint",
                    NUMBER,
                    "",
                    "Start from this retained checkpoint. Done once, see `restore.nonce`."),
            new Setting(
                    FROM_SAVEPOINT,
                    "--from-savepoint",
                    "name or location",
                    "",
                    "Start from a savepoint: its name in this job, or `namespace/job/id/savepoints/name`. Done once, see"
                            + " `restore.nonce`."),
            new Setting(
                    IGNORE_STATE,
                    "--ignore-state",
                    FLAG,
                    "false",
                    "Start without state, whatever is there. Done once, see `restore.nonce`."),
            new Setting(
                    RESTORE_NONCE,
                    "--restore-nonce",
                    TEXT,
                    "",
                    "Any text. A request to start from a checkpoint, a savepoint or nothing is done once; later starts with"
                            + " the same request go on from the newest checkpoint. Another nonce makes it count once"
                            + " more."),
            new Setting(
                    ALLOW_DROPPED_STATE,
                    "",
                    FLAG,
                    "false",
                    "Whether state that the program no longer declares may be dropped."),
            new Setting(
                    STOP_SAVEPOINT,
                    "--savepoint-on-stop",
                    TEXT,
                    "",
                    "On SIGTERM or SIGINT, take a savepoint of this name and stop when it is complete. Unless set, the"
                            + " process ends at once, and the next start goes on from the last checkpoint."),
            new Setting(
                    PROGRESS_INTERVAL, "--progress-interval", DURATION, "1s", "From one progress line to the next."),
            new Setting(
                    LOG_LEVEL, "--log-level", "error, warn, info, debug", "info", "What Holdfast writes to its log."));

    static final List<Setting> ALL =
            Stream.concat(OF_THE_JOB.stream(), ProcessSettings.ALL.stream()).toList();

    private Settings() {}

    static Optional<Setting> find(String name) {
        return ALL.stream().filter(setting -> setting.name().equals(name)).findFirst();
    }

    /** The settings that a process looks at. */
    static Stream<Setting> of(Role role) {
        return ALL.stream().filter(setting -> setting.roles().contains(role));
    }

    static Stream<String> names() {
        return ALL.stream().map(Setting::name);
    }
}
