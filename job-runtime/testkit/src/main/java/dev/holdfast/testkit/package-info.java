/**
 * For job authors' tests. {@link dev.holdfast.testkit.S3Server} is the bucket.
 */
@NullMarked
package dev.holdfast.testkit;

import org.jspecify.annotations.NullMarked;
