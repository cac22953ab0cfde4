package dev.holdfast.engine.worker;

import dev.holdfast.engine.env.Transport;
import dev.holdfast.engine.exchange.network.PeerAddress;

/**
 * A worker's way to other workers.
 *
 * @param self how the others find this one
 */
public record WorkerNetwork(Transport transport, PeerAddress self) {}
