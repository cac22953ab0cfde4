/**
 * The bucket as a directory: {@link dev.holdfast.storage.directory.DirectoryObjectStore}. For development on one machine,
 * and for small jobs whose directory is backed up by other means. An object is a file of the same name; create-only writes
 * are hard links, which the file system decides.
 */
@NullMarked
package dev.holdfast.storage.directory;

import org.jspecify.annotations.NullMarked;
