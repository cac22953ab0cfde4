package dev.holdfast.transport.netty;

import dev.holdfast.engine.env.Clock;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/** What a process proves itself with, as it is now. Any thread. */
interface Secrets {

    /**
     * Reads the files.
     *
     * @throws dev.holdfast.api.HoldfastException HF-NET-003 or HF-NET-004 if they cannot be used
     */
    static Secrets of(NetworkSettings.Security security, Clock clock) {
        return switch (security) {
            case NetworkSettings.Security.Token token -> new TokenFile(token.file(), clock);
            case NetworkSettings.Security.Tls tls -> new TlsFiles(tls, clock);
        };
    }

    /** For the handshake; null under TLS. */
    @Nullable Tokens tokens();

    /** For a new channel; null without TLS. */
    @Nullable SslHandler tls(boolean client, ByteBufAllocator allocator);
}
