/**
 * The network on Netty. {@link dev.holdfast.transport.netty.NettyTransport} puts it together from {@link
 * dev.holdfast.transport.netty.NetworkSettings}. {@code Wire} is the format. A connection is a {@code NettyConnection}: its
 * {@code Outbound} holds what waits in both lanes and cuts it into slices, its {@code FrameDecoder} makes frames of what
 * comes in, and a {@code Handshake} comes before both. {@code TokenFile} and {@code TlsFiles} take up renewed secrets.
 * {@code PeerLog} says which peers were refused, a bounded number of times. Nothing else in the project uses Netty.
 */
@NullMarked
package dev.holdfast.transport.netty;

import org.jspecify.annotations.NullMarked;
