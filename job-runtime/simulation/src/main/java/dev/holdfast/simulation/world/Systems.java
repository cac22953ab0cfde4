package dev.holdfast.simulation.world;

import dev.holdfast.api.connector.Sink;
import dev.holdfast.api.connector.TransactionalSink;
import dev.holdfast.connector.files.ExactlyOnceFiles;
import dev.holdfast.engine.env.simulated.SimulatedProcess;
import dev.holdfast.engine.env.simulated.SimulatedRandomness;
import dev.holdfast.engine.env.simulated.SimulatedWorld;
import dev.holdfast.simulation.audit.Audit;
import dev.holdfast.simulation.audit.BucketAudit;
import dev.holdfast.simulation.fault.CrashPoint;
import dev.holdfast.simulation.fault.JobShape;
import dev.holdfast.simulation.files.FilesView;
import dev.holdfast.simulation.files.SharedFiles;
import dev.holdfast.simulation.workload.Outside;
import dev.holdfast.simulation.workload.Row;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Everything behind the sinks of a job. It outlives all processes. */
public final class Systems {
    /** The number of an attempt is its coordinator's generation times this, and a count. */
    private static final long ATTEMPTS = 1_000_000;

    private static final String OUT = "/out";
    private static final int[] BUFFER_BYTES = {1, 60, 500, 1 << 18};
    private static final int[] ROLL_BYTES = {100, 2_000, 1 << 20};

    private final Audit audit;
    private final BucketAudit bucket;
    private final Points points;
    private final JobShape.SinkKind kind;
    private final SimulatedWorld world;
    private final long transactionMs;
    private final Troubles troubles;
    private final SimulatedRandomness random;
    private final Outside.Shared shared = new Outside.Shared();
    private final Map<String, Ledger> ledgers = new TreeMap<>();
    private final TreeMap<String, Row> table = new TreeMap<>();
    private final Map<Object, Made> made = new HashMap<>();
    private final SharedFiles files = new SharedFiles();
    private long newestAttempt;

    /** Who made a committable, and for which checkpoint. */
    private record Made(long attempt, long checkpointId) {}

    Systems(
            SimulatedWorld world,
            Audit audit,
            BucketAudit bucket,
            Points points,
            JobShape job,
            SimulatedRandomness random) {
        this.audit = audit;
        this.bucket = bucket;
        this.points = points;
        this.kind = job.sink();
        this.world = world;
        this.transactionMs = job.transactionMs();
        this.random = random;
        this.troubles = new Troubles(world, random);
        shared.impossible = what -> audit.fail("I1", what);
    }

    Troubles troubles() {
        return troubles;
    }

    public Outside.Shared shared() {
        return shared;
    }

    /** Whether what is visible is the multiset of a run without failures; else rows of lost runs may be there too. */
    public boolean isExact() {
        return kind != JobShape.SinkKind.IDEMPOTENT;
    }

    /** All rows that readers see now. */
    public List<Row> visible() {
        List<Row> rows = new ArrayList<>(table.values());
        ledgers.values().forEach(ledger -> rows.addAll(ledger.visible()));
        for (byte[] content : files.filesIn(OUT).values()) {
            new String(content, StandardCharsets.UTF_8).lines().forEach(line -> read(line, rows));
        }
        return rows;
    }

    private void read(String line, List<Row> rows) {
        try {
            rows.add(Row.parse(line));
        } catch (IllegalArgumentException e) {
            audit.fail("I2", "a visible file has the line '" + line + "', which nobody wrote");
        }
    }

    /** Whether output was lost since a system gave up a transaction that the log had decided: then the job must fail. */
    public boolean hasLostOutput() {
        return ledgers.values().stream().anyMatch(Ledger::hasRefused);
    }

    /** What is neither visible nor given up, in words. */
    public List<String> pending() {
        // A file system fences nobody: a worker that slept may leave a file of an attempt that is over. The next start
        // deletes it.
        List<String> pending = files.allFilesBelow(OUT + "/.pending").stream()
                .filter(name -> name.contains("-a" + newestAttempt + "-"))
                .collect(Collectors.toCollection(ArrayList::new));
        ledgers.values().forEach(ledger -> ledger.pending().forEach(tx -> pending.add(tx.toString())));
        return pending;
    }

    /** The machine with the files crashes, and comes back with what was forced to its disk. */
    void crashFiles() {
        files.crash(random);
    }

    /** The machine of one process crashes. */
    void crashFilesOf(SimulatedProcess process) {
        files.crash(process.name(), random);
    }

    /** The way of one process. */
    Outside of(SimulatedProcess process) {
        LedgerClient client = new LedgerClient(process, troubles, random);
        Watch watch = new Watch(process);
        return new Outside() {
            @Override
            public long attempt() {
                return watch.attempt;
            }

            @Override
            public Sink<Row> sink(String name) {
                return switch (kind) {
                    case FILES -> watched(fileSink(process, client), watch);
                    case TRANSACTIONAL -> watched(new TransactionSink(ledger(name), client), watch);
                    case TWO_PHASE -> watched(new TwoPhaseSink(ledger(name), client), watch);
                    case IDEMPOTENT -> new UpsertSink(table, client, watch);
                };
            }

            @Override
            public Shared shared() {
                return shared;
            }
        };
    }

    /** Small buffers and parts, so that all of their borders are met. */
    private ExactlyOnceFiles<Row> fileSink(SimulatedProcess process, LedgerClient client) {
        Path out = new FilesView(files, process.name(), client.door()).getPath(OUT);
        return ExactlyOnceFiles.<Row>of(
                        out, (row, buffer) -> buffer.append(row.line()).append('\n'))
                .rollBytes(ROLL_BYTES[random.nextInt(ROLL_BYTES.length)])
                .bufferBytes(BUFFER_BYTES[random.nextInt(BUFFER_BYTES.length)])
                .suffix(".txt");
    }

    private Ledger ledger(String name) {
        return ledgers.computeIfAbsent(name, made -> new Ledger(audit, made, world, transactionMs));
    }

    private static <C> Sink<Row> watched(TransactionalSink<Row, C> sink, Watch watch) {
        return new WatchedSink<>(sink, watch);
    }

    /** Looks at what the sinks of one process do. */
    private final class Watch implements WatchedSink.Watch {
        private final SimulatedProcess process;
        private long attempt;

        Watch(SimulatedProcess process) {
            this.process = process;
        }

        @Override
        public void begins(long newAttempt) {
            attempt = Math.max(attempt, newAttempt);
            newestAttempt = Math.max(newestAttempt, newAttempt);
        }

        @Override
        public void reached(CrashPoint point) {
            points.reached(point, process);
        }

        @Override
        public void prepared(Object committable, long by, long checkpointId) {
            made.put(committable, new Made(by, checkpointId));
        }

        @Override
        public void committing(Object committable) {
            Made by = made.get(committable);
            if (by == null) {
                audit.fail("I3", "nobody has prepared " + committable + ", which is to be committed");
            } else if (!bucket.hasDecided(by.attempt() / ATTEMPTS, by.checkpointId())) {
                audit.fail("I3", process.name() + " commits " + committable + " before the log has decided it");
            }
        }
    }
}
