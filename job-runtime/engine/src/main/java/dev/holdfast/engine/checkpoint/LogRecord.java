package dev.holdfast.engine.checkpoint;

import dev.holdfast.api.type.Default;
import java.util.Optional;

/** What one slot of a job's log says. */
public sealed interface LogRecord {

    /**
     * A coordinator took over: no older one can append from here on. The slot's number is the new generation.
     *
     * @param writer who it is, for people: host, process
     * @param restored where its state comes from
     * @param honoured the newest request of a user that this Begin or one before it has honoured
     * @param idleBefore how many slots directly before hold nothing but Begins: of generations that appended nothing. This
     *     Begin replaces them, and who reads the log passes them over
     */
    record Begin(
            String writer,
            RestoredFrom restored,
            Optional<RestoreIdentity> honoured,
            @Default("0") long idleBefore) implements LogRecord {
        public Begin {
            if (idleBefore < 0) {
                throw new IllegalArgumentException("a Begin cannot replace " + idleBefore + " others");
            }
        }
    }

    /**
     * A checkpoint is complete. This is the decision record of the two-phase commit: its transactions are to be committed.
     *
     * @param checkpointId number of the checkpoint
     * @param manifest lists its objects
     * @param hasCommittables whether there is something to commit, and so whether a committed marker must follow
     */
    record Completed(long checkpointId, ManifestRef manifest, boolean hasCommittables) implements LogRecord {
        public Completed {
            checkId(checkpointId);
        }
    }

    /**
     * A savepoint is complete. It is not a point of recovery, and its transactions are not committed by it.
     *
     * @param checkpointId number that it shares the sequence of checkpoints with
     * @param savepoint its name: the directory is {@link JobRoot#savepoint}
     * @param manifest the copy within that directory, relative to the job's root
     */
    record Savepoint(long checkpointId, String savepoint, ManifestRef manifest) implements LogRecord {
        public Savepoint {
            checkId(checkpointId);
        }
    }

    /**
     * Everything below a slot is given up: its checkpoints are not restored any more, and are being deleted. The collection
     * writes it before it deletes. Being a record, it has its place among the Begins: who begins after it cannot choose what
     * it gave up, and who began before it has fenced its writer.
     *
     * @param boundary the first slot that counts
     * @param honoured as in the newest Begin, which may be among what was given up
     */
    record Collected(long boundary, Optional<RestoreIdentity> honoured) implements LogRecord {}

    /**
     * The job ended on purpose or gave up.
     *
     * @param reason how
     * @param text for people; for a failure what failed
     * @param savepoint name of the savepoint taken at the end
     */
    record End(Reason reason, String text, Optional<String> savepoint) implements LogRecord {}

    /** How a job ended. */
    enum Reason {
        /** All sources came to their end and everything is committed. */
        FINISHED,
        /** A person stopped it. */
        CANCELED,
        /** It failed and its restart strategy gave up. */
        FAILED,
        /** Stopped with a savepoint, to go on later. */
        SUSPENDED
    }

    private static void checkId(long checkpointId) {
        if (checkpointId < 1) {
            throw new IllegalArgumentException("checkpoints are numbered from 1, not " + checkpointId);
        }
    }
}
