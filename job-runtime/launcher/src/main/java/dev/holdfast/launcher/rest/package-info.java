/**
 * What a process answers by HTTP. {@link dev.holdfast.launcher.rest.JobRoutes} shows a job, {@link
 * dev.holdfast.launcher.rest.OperationRoutes} takes savepoints, stops and cancellations, {@link
 * dev.holdfast.launcher.rest.ConfigurationRoutes} shows settings and changes live ones; these are the coordinator's. {@link
 * dev.holdfast.launcher.rest.Probes} and {@link dev.holdfast.launcher.rest.Profiles} are in every process. The records of {@link
 * dev.holdfast.launcher.rest.Resources} are the contract: the OpenAPI document is made of them and of the routes.
 *
 * <p>Reading takes the newest view that the coordinator has published, and never waits for it. Asking goes through its mailbox, with
 * a deadline.
 */
@NullMarked
package dev.holdfast.launcher.rest;

import org.jspecify.annotations.NullMarked;
