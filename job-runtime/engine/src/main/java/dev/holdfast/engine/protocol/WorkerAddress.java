package dev.holdfast.engine.protocol;

/**
 * Where other workers find one.
 *
 * @param incarnation drawn at random when its process starts: another process at the same address is not this worker
 * @param host a name or an address
 * @param port 1 to 65535
 */
public record WorkerAddress(long incarnation, String host, int port) {}
