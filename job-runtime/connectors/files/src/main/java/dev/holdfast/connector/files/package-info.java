/**
 * Files as source and sink. {@link dev.holdfast.connector.files.TextFiles} reads lines: its enumerator lists the files once
 * and cuts them into {@link dev.holdfast.connector.files.FileSplit}s on request; a {@code LineReader} in each task reads
 * ahead by background calls and cuts lines from the chunks ({@code SplitLines}). {@link
 * dev.holdfast.connector.files.ExactlyOnceFiles} writes: a {@code PartWriter} in each task writes hidden files, a {@code
 * PartCommitter} gives them their visible names once the checkpoint is decided.
 */
@NullMarked
package dev.holdfast.connector.files;

import org.jspecify.annotations.NullMarked;
