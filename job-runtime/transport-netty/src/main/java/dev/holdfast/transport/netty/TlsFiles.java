package dev.holdfast.transport.netty;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Clock;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS from three files in PEM. Their contents are compared with a new connection if the last look is {@link #LOOK_NS} old; what has
 * changed counts for that connection and all later ones. Contents, not times: Kubernetes swaps a link, and the new files may be older.
 *
 * <p>Files that do not fit together (a look in the middle of a swap) are not taken: the last good ones stay, and the next look tries
 * again. Sessions are not resumed, so each connection shows its certificates. Any thread.
 */
final class TlsFiles implements Secrets {
    /** A flood of connections must not be a flood of reads. */
    static final long LOOK_NS = 1_000_000_000L;

    private static final System.Logger LOG = System.getLogger(TlsFiles.class.getName());
    private static final String PROTOCOL = "TLSv1.3";

    private final NetworkSettings.Security.Tls files;
    private final Clock clock;
    private Contexts contexts;
    private long lookedNs;
    private String complaint = "";

    private record Contexts(byte[] contents, SslContext server, SslContext client) {}

    /** @throws HoldfastException HF-NET-003 if a file cannot be used */
    TlsFiles(NetworkSettings.Security.Tls files, Clock clock) {
        this.files = files;
        this.clock = clock;
        contexts = make(contents());
        lookedNs = clock.nowNs();
    }

    @Override
    public @Nullable Tokens tokens() {
        return null;
    }

    @Override
    public SslHandler tls(boolean client, ByteBufAllocator allocator) {
        Contexts now = current();
        SslHandler handler = (client ? now.client : now.server).newHandler(allocator);
        // The connection has a deadline of its own, from before TLS to after it.
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    private synchronized Contexts current() {
        long nowNs = clock.nowNs();
        if (nowNs - lookedNs >= LOOK_NS) {
            lookedNs = nowNs;
            look();
        }
        return contexts;
    }

    private void look() {
        try {
            byte[] found = contents();
            if (!MessageDigest.isEqual(found, contexts.contents)) {
                contexts = make(found);
                LOG.log(System.Logger.Level.INFO, "certificate " + files.certificateFile() + " was renewed");
            }
            complaint = "";
        } catch (HoldfastException e) {
            if (!complaint.equals(e.getMessage())) {
                complaint = String.valueOf(e.getMessage());
                LOG.log(System.Logger.Level.WARNING, complaint + ". The certificate that it had before is still used");
            }
        }
    }

    /** A digest of all three. */
    private byte[] contents() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : List.of(files.certificateFile(), files.keyFile(), files.caFile())) {
                byte[] bytes = Files.readAllBytes(file);
                digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
                digest.update(bytes);
            }
            return digest.digest();
        } catch (IOException e) {
            throw new HoldfastException(
                    "HF-NET-003", "a file of TLS cannot be read: " + e + ". Check path and rights", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JVM has no SHA-256", e);
        }
    }

    private Contexts make(byte[] contents) {
        PrivateKey key = Pem.privateKey(files.keyFile());
        List<X509Certificate> chain = Pem.certificates(files.certificateFile());
        TrustManager trust = PeerNames.trust(Pem.certificates(files.caFile()), files.peerName());
        Pem.requirePair(files.keyFile(), key, files.certificateFile(), chain.getFirst());
        try {
            SslContext server = SslContextBuilder.forServer(key, chain)
                    .sslProvider(SslProvider.JDK)
                    .protocols(PROTOCOL)
                    .trustManager(trust)
                    .clientAuth(ClientAuth.REQUIRE)
                    .build();
            SslContext client = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.JDK)
                    .protocols(PROTOCOL)
                    .keyManager(key, chain)
                    .trustManager(trust)
                    .build();
            return new Contexts(contents, server, client);
        } catch (SSLException e) {
            throw new HoldfastException(
                    "HF-NET-003", "certificate " + files.certificateFile() + " cannot be used: " + e.getMessage(), e);
        }
    }
}
