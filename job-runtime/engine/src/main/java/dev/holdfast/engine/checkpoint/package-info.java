/**
 * What a checkpoint is and how it becomes one. {@link dev.holdfast.engine.checkpoint.JobLog} is the only truth: slots
 * written by create-only puts. {@link dev.holdfast.engine.checkpoint.Manifest} lists one checkpoint; packs and runs hold
 * its bytes; {@link dev.holdfast.engine.checkpoint.Collection} deletes what nothing reaches. Everything here blocks and is
 * called from blocking calls, never from a loop. The coordinator decides; this package writes and reads.
 */
@NullMarked
package dev.holdfast.engine.checkpoint;

import org.jspecify.annotations.NullMarked;
