/**
 * Channels between tasks of different workers. A {@link dev.holdfast.engine.exchange.network.Peers} holds one connection to each
 * other worker and keeps it over attempts; an {@link dev.holdfast.engine.exchange.network.Exchange} holds the channels of one
 * attempt. A task writes into a {@link dev.holdfast.engine.exchange.network.NetworkOutput} as into a ring; the task on the other
 * side reads a {@link dev.holdfast.engine.exchange.network.NetworkInput}, and grants credit by a {@link
 * dev.holdfast.engine.exchange.network.ReceiveWindow}.
 *
 * <p>Who reads a connection never waits for a task, and who writes has credit for what it sends. So no channel stops another one,
 * and a barrier waits for nothing but the records before it in its own channel.
 */
@NullMarked
package dev.holdfast.engine.exchange.network;

import org.jspecify.annotations.NullMarked;
