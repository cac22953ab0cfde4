package dev.holdfast.engine.checkpoint;

/**
 * What tells one request to restore from another. A Begin that honoured a request carries it, and so does every later Begin
 * and Collected record, until another request is honoured.
 *
 * @param request what was asked for, in words that stay the same: a savepoint has one location, however it was named
 * @param nonce setting {@code restore.nonce}: changed by a person who wants the same once more
 */
public record RestoreIdentity(String request, String nonce) {}
