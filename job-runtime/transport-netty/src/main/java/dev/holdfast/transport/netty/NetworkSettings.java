package dev.holdfast.transport.netty;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Endpoint;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a process is on the network.
 *
 * @param listen where it takes connections; port 0 asks for a free one
 * @param advertisedHost the name or address by which others reach it; null: the host of {@code listen}
 * @param security how both sides of a connection prove who they are
 * @param limits times and numbers
 */
public record NetworkSettings(Endpoint listen, @Nullable String advertisedHost, Security security, Limits limits) {

    /** How both sides of a connection prove who they are. There is no way without. */
    public sealed interface Security {

        /**
         * A secret that all processes of a job know. It is proved, never sent. What is said afterwards is neither secret nor safe
         * from somebody who can change packets on their way.
         *
         * @param file one token a line, the first to prove with, all to accept; read again when it changes ({@link TokenFile})
         */
        record Token(Path file) implements Security {}

        /**
         * TLS 1.3, where both sides show a certificate. The files are read again when they change ({@link TlsFiles}).
         *
         * @param certificateFile the process's certificate in PEM, then those between it and the authority
         * @param keyFile its private key in PEM, without a password: PKCS#8, or PKCS#1 for RSA
         * @param caFile the authorities in PEM that peers' certificates must come from
         * @param peerName a DNS name that must be among the names of a peer's certificate; null: every certificate of the authorities
         *     counts, so they must issue for this job alone. Addresses are not compared: pods change theirs
         */
        record Tls(
                Path certificateFile,
                Path keyFile,
                Path caFile,
                @Nullable String peerName) implements Security {
            public Tls {
                if (peerName != null && peerName.isBlank()) {
                    throw new HoldfastException(
                            "HF-NET-002",
                            "the name that peers' certificates must have is empty. Set a DNS name, or none");
                }
            }
        }
    }

    /**
     * Times and numbers.
     *
     * @param connectTimeoutMs from the wish to connect until the peer has proved who it is, with the look-up of its name
     * @param handshakeTimeoutMs from an accepted connection until its peer has proved who it is
     * @param maxUnproved accepted connections whose peers have yet to prove who they are; more are closed at once
     * @param maxConnections connections in all, both accepted and opened; more are refused
     * @param threads that read and write
     */
    public record Limits(
            int connectTimeoutMs, int handshakeTimeoutMs, int maxUnproved, int maxConnections, int threads) {
        /**
         * Five seconds are several tries of a lost first packet (1 s, then 2 s). A hundred processes of a job may start at once, and
         * each needs some milliseconds of a core for TLS. Two threads move more than a network of 10 Gbit/s.
         */
        public static final Limits DEFAULT = new Limits(5_000, 5_000, 256, 4_096, 2);

        private static final int MAX_TIMEOUT_MS = 300_000;
        private static final int MAX_CONNECTIONS = 65_536;
        private static final int MAX_THREADS = 64;

        public Limits {
            require("connect time-out in ms", connectTimeoutMs, MAX_TIMEOUT_MS);
            require("handshake time-out in ms", handshakeTimeoutMs, MAX_TIMEOUT_MS);
            require("most connections", maxConnections, MAX_CONNECTIONS);
            require("most unproved connections", maxUnproved, maxConnections);
            require("threads", threads, MAX_THREADS);
        }

        private static void require(String what, int value, int most) {
            if (value < 1 || value > most) {
                throw new HoldfastException(
                        "HF-NET-002", what + " of the network is " + value + ". Expected 1 to " + most);
            }
        }
    }

    public NetworkSettings {
        if (advertisedHost != null && advertisedHost.isBlank()) {
            throw new HoldfastException(
                    "HF-NET-002",
                    "the host by which others reach this process is empty. Set a name or an address, or none");
        }
    }

    public static NetworkSettings of(Endpoint listen, Security security) {
        return new NetworkSettings(listen, null, security, Limits.DEFAULT);
    }

    public NetworkSettings withAdvertisedHost(String host) {
        return new NetworkSettings(listen, host, security, limits);
    }

    public NetworkSettings withLimits(Limits newLimits) {
        return new NetworkSettings(listen, advertisedHost, security, newLimits);
    }

    /** Where others reach this process if it listens at a port. */
    Endpoint advertised(int port) {
        return new Endpoint(advertisedHost == null ? listen.host() : advertisedHost, port);
    }
}
