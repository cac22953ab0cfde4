package dev.holdfast.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;

/** Hands what happens on a channel to its connection. The last in the pipeline, behind TLS if that is used. */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails breaks the channel, and that is heard of
final class ConnectionInbound extends ChannelInboundHandlerAdapter {
    /** A sentence of the JDK's TLS. */
    private static final int MAX_TEXT_CHARS = 300;

    private final NettyConnection connection;
    private final boolean tls;

    ConnectionInbound(NettyConnection connection, boolean tls) {
        this.connection = connection;
        this.tls = tls;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (!connection.attach(context.channel())) {
            context.close();
        } else if (!tls) {
            connection.begin();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            connection.read(in);
        } finally {
            in.release();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            connection.drain();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connection.broken("closed by the peer without a word");
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                connection.begin();
            } else {
                connection.fail(tlsFault(handshake.cause()));
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof DecoderException) {
            connection.fail(tlsFault(cause.getCause() == null ? cause : cause.getCause()));
        } else if (cause instanceof IOException) {
            connection.broken(String.valueOf(cause.getMessage()));
        } else {
            connection.fail(new PeerException(PeerException.HANDLER, "reading or writing threw " + cause));
        }
    }

    /** What a peer sent goes into the log only as far as it helps: Netty's own text has all the bytes of a record. */
    private static PeerException tlsFault(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof NotSslRecordException) {
            return new PeerException(PeerException.NOT_OURS, "it does not speak TLS, which is configured here");
        }
        String text = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        return new PeerException(
                PeerException.CERTIFICATE,
                "TLS failed: "
                        + text.substring(0, Math.min(text.length(), MAX_TEXT_CHARS))
                                .replaceAll("\\p{Cntrl}", " ")
                        + ". Check that both sides use TLS, and that their certificates come from the authorities in"
                        + " the CA file");
    }
}
