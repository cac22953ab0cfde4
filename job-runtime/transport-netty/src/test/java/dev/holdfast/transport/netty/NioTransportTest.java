package dev.holdfast.transport.netty;

import java.io.IOException;

/** The suite where there is no epoll. */
class NioTransportTest extends NettyConformance {
    @Override
    NetworkSettings.Security security() throws IOException {
        return Secret.file(directory);
    }

    @Override
    EventLoops.Kind kind() {
        return EventLoops.Kind.NIO;
    }
}
