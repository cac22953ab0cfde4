package dev.holdfast.engine.exchange.network;

import dev.holdfast.engine.env.Endpoint;

/**
 * A worker that others exchange records with.
 *
 * @param name for people
 * @param incarnation drawn at random when its process starts: another process at the same address is not this worker
 * @param endpoint where it takes connections
 */
public record PeerAddress(String name, long incarnation, Endpoint endpoint) {}
