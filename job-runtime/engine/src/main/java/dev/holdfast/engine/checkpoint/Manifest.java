package dev.holdfast.engine.checkpoint;

import java.util.List;

/**
 * Lists one checkpoint or savepoint: everything a restore needs to find. Names are relative to the root of the snapshot:
 * the job's root for a checkpoint, its own directory for a savepoint. Immutable; what must hold within it is in {@link
 * ManifestInvariants}.
 *
 * @param job the job that took it
 * @param checkpointId number of the checkpoint, ascending over all generations that completed one
 * @param kind what it is for
 * @param generation of the coordinator that took it
 * @param createdWallMs wall-clock time
 * @param planFingerprint of the plan that ran
 * @param maxParallelism number of key groups; fixed for the life of a job's state
 * @param operators all operators of the plan that have a name, also those without state
 * @param enumerators one for each source that has an enumerator
 * @param incrementalBytes what this checkpoint uploaded
 * @param fullBytes what a restore reads
 */
public record Manifest(
        JobRoot job,
        long checkpointId,
        Kind kind,
        long generation,
        long createdWallMs,
        String planFingerprint,
        int maxParallelism,
        List<OperatorManifest> operators,
        List<EnumeratorManifest> enumerators,
        long incrementalBytes,
        long fullBytes) {

    /** What a manifest is for. */
    public enum Kind {
        /** Refers to objects that other checkpoints of the job share; collected when it is no longer retained. */
        CHECKPOINT,
        /** Self-contained; belongs to the user. */
        SAVEPOINT
    }

    public Manifest {
        operators = List.copyOf(operators);
        enumerators = List.copyOf(enumerators);
    }
}
