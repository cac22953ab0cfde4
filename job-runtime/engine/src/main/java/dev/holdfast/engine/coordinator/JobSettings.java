package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.checkpoint.CheckpointSettings;
import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.checkpoint.RestoreRequest;
import dev.holdfast.engine.protocol.Timeouts;

/**
 * What a coordinator is told about its job.
 *
 * @param root where the job lives in the bucket
 * @param writer who this coordinator is, for people who read the log
 * @param parallelism of operators that set none
 * @param restore what to start from, once
 * @param restoreNonce setting {@code restore.nonce}: another one makes the same request count again
 * @param allowDroppedState setting {@code restore.allow-dropped-state}
 */
public record JobSettings(
        JobRoot root,
        String writer,
        CheckpointSettings checkpoint,
        RestartStrategy restart,
        int parallelism,
        RestoreRequest restore,
        String restoreNonce,
        boolean allowDroppedState,
        Timeouts timeouts) {}
