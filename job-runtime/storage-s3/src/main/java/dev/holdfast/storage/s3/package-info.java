/**
 * The bucket on S3, through the AWS SDK: {@link dev.holdfast.storage.s3.ObjectStores} opens what {@link
 * dev.holdfast.storage.s3.StoreSettings} name. {@link dev.holdfast.storage.s3.S3ObjectStore} says what it wants of the
 * server; {@code Calls} tries within a budget; {@code Failures} turns what the SDK throws into what a person can act on;
 * {@code OwnWrite} finds out whose write won where an answer was lost.
 */
@NullMarked
package dev.holdfast.storage.s3;

import org.jspecify.annotations.NullMarked;
