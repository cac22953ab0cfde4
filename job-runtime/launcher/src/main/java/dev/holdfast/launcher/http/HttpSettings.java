package dev.holdfast.launcher.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a process is reached by HTTP.
 *
 * @param host the address to listen at
 * @param port to listen at; 0 for any that is free
 * @param elsewhere whether another port is taken where that one is in use
 * @param tokenFile a file of tokens, one a line; empty where only clients of the same machine may ask
 * @param liveness how long a main loop may not turn before the process counts as dead
 */
public record HttpSettings(String host, int port, boolean elsewhere, Optional<Path> tokenFile, Duration liveness) {}
