package dev.holdfast.simulation.world;

import dev.holdfast.api.UnrecoverableException;
import dev.holdfast.engine.env.simulated.SimulatedWorld;
import dev.holdfast.simulation.audit.Audit;
import dev.holdfast.simulation.workload.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The system behind the transactional sinks: transactions are open, then prepared, then committed. It does what a broker or a database
 * does, and watches that no row becomes visible twice.
 */
final class Ledger {
    private final Audit audit;
    private final String name;
    private final SimulatedWorld world;
    private final long expiresNs;
    private final TreeMap<Tx, List<Row>> open = new TreeMap<>();
    private final TreeMap<Tx, List<Row>> prepared = new TreeMap<>();
    private final Set<Tx> committed = new HashSet<>();
    private final List<Row> visible = new ArrayList<>();
    private final Set<String> identities = new HashSet<>();
    private final Set<Tx> expired = new HashSet<>();
    private boolean refused;
    private final List<Predicate<Tx>> fences = new ArrayList<>();

    /** @param expiresMs after which a transaction is given up that is not committed; 0 for never */
    Ledger(Audit audit, String name, SimulatedWorld world, long expiresMs) {
        this.audit = audit;
        this.name = name;
        this.world = world;
        this.expiresNs = expiresMs * 1_000_000;
    }

    /**
     * A transaction's name for all time.
     *
     * @param number unique for one subtask in one attempt
     */
    record Tx(String job, String sink, int subtask, long attempt, long number) implements Comparable<Tx> {
        @Override
        public int compareTo(Tx other) {
            return toString().compareTo(other.toString());
        }
    }

    /** Whether a transaction was given up that the job wanted to commit. */
    boolean hasRefused() {
        return refused;
    }

    List<Row> visible() {
        return visible;
    }

    /** Transactions that are neither committed nor aborted. */
    List<Tx> pending() {
        List<Tx> all = new ArrayList<>(open.keySet());
        all.addAll(prepared.keySet());
        return all;
    }

    void add(Tx tx, Row row) {
        refuseFenced(tx);
        open.computeIfAbsent(tx, begun -> {
                    if (expiresNs > 0) {
                        world.after(expiresNs, () -> expire(tx));
                    }
                    return new ArrayList<>();
                })
                .add(row);
    }

    /** Makes an open transaction durable; does nothing if it is. */
    void prepare(Tx tx) {
        refuseFenced(tx);
        List<Row> rows = open.remove(tx);
        if (rows != null) {
            prepared.put(tx, rows);
        } else if (!prepared.containsKey(tx)) {
            throw new IllegalStateException(tx + " is gone, it cannot be prepared");
        }
    }

    private void expire(Tx tx) {
        if (open.remove(tx) != null || prepared.remove(tx) != null) {
            world.note(name + ": " + tx + " has expired");
            expired.add(tx);
        }
    }

    /**
     * Makes a transaction visible; does nothing if it is.
     *
     * @throws UnrecoverableException if it has expired
     */
    void commit(Tx tx) {
        if (expired.contains(tx)) {
            refused = true;
            throw new UnrecoverableException("SIM-001", tx + " has expired and cannot be committed any more");
        }
        List<Row> rows = prepared.remove(tx);
        if (rows == null) {
            if (!committed.contains(tx)) {
                audit.fail("I3", name + ": " + tx + " is decided, and was aborted or lost");
            }
            return;
        }
        committed.add(tx);
        audit.count("transactions committed");
        for (Row row : rows) {
            visible.add(row);
            if (!identities.add(row.identity())) {
                audit.fail("I2", name + ": '" + row.line() + "' is visible twice, the second time by " + tx);
            }
        }
    }

    void abort(Tx tx) {
        boolean wasOpen = open.remove(tx) != null;
        boolean wasPrepared = prepared.remove(tx) != null;
        if (wasOpen || wasPrepared) {
            audit.count("transactions aborted");
        }
    }

    /** Gives up what earlier attempts left, and whatever is still on its way from them, as brokers fence old producers. */
    void fence(Predicate<Tx> which) {
        fences.add(which);
        for (Map<Tx, List<Row>> part : List.of(open, prepared)) {
            List.copyOf(part.keySet()).stream().filter(which).forEach(this::abort);
        }
    }

    private void refuseFenced(Tx tx) {
        if (fences.stream().anyMatch(fence -> fence.test(tx))) {
            throw new IllegalStateException(tx + " is fenced: a newer attempt has begun");
        }
    }
}
