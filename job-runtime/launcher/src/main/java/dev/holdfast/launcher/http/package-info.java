/**
 * HTTP for one process, on the JDK's server and virtual threads. {@link dev.holdfast.launcher.http.HttpApi} listens, holds the
 * limits, and asks {@link dev.holdfast.launcher.http.Guard} who may call; {@link dev.holdfast.launcher.http.Router} finds the {@link
 * dev.holdfast.launcher.http.Route}, whose handler gets a {@link dev.holdfast.launcher.http.Request} and gives a {@link
 * dev.holdfast.launcher.http.Response}. What goes wrong is a {@link dev.holdfast.launcher.http.ApiException}, and reaches the client
 * as {@code application/problem+json} with a stable code.
 *
 * <p>It knows nothing of jobs. To add a page, make a Route and add it to the list that the process starts its server with.
 */
@NullMarked
package dev.holdfast.launcher.http;

import org.jspecify.annotations.NullMarked;
