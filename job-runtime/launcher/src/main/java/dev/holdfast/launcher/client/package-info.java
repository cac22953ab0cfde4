/**
 * Commands that talk to a running coordinator by HTTP. {@link dev.holdfast.launcher.client.ClientCommand} reads the command line,
 * {@link dev.holdfast.launcher.client.ApiClient} calls, and waits for the end of operations.
 */
@NullMarked
package dev.holdfast.launcher.client;

import org.jspecify.annotations.NullMarked;
