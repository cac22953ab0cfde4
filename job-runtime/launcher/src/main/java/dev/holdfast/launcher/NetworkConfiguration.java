package dev.holdfast.launcher;

import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.transport.netty.NetworkSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads how a process is on the network. */
final class NetworkConfiguration {
    private static final int MOST_PORT = 65_535;
    private static final List<String> ALL_ADDRESSES = List.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");
    private static final List<String> TLS_FILES =
            List.of(ProcessSettings.TLS_CERTIFICATE, ProcessSettings.TLS_KEY, ProcessSettings.TLS_CA);

    private NetworkConfiguration() {}

    /** @param defaultPort where none is set */
    static NetworkSettings of(Typed typed, int defaultPort) {
        String host = typed.required(ProcessSettings.LISTEN_HOST);
        int port = typed.text(ProcessSettings.LISTEN_PORT).isEmpty()
                ? defaultPort
                : typed.integer(ProcessSettings.LISTEN_PORT, 0, MOST_PORT);
        NetworkSettings.Limits limits = NetworkSettings.Limits.DEFAULT;
        long connectMs = typed.duration(ProcessSettings.CONNECT_TIMEOUT, Duration.ofMillis(1))
                .toMillis();
        NetworkSettings network = NetworkSettings.of(new Endpoint(host, port), security(typed))
                .withLimits(new NetworkSettings.Limits(
                        Math.toIntExact(Math.min(connectMs, Integer.MAX_VALUE)),
                        limits.handshakeTimeoutMs(),
                        limits.maxUnproved(),
                        limits.maxConnections(),
                        typed.integer(ProcessSettings.NETWORK_THREADS, 1, Integer.MAX_VALUE)));
        return network.withAdvertisedHost(advertised(typed, host));
    }

    private static NetworkSettings.Security security(Typed typed) {
        Optional<Path> token = path(typed, ProcessSettings.TOKEN_FILE);
        List<String> tls =
                TLS_FILES.stream().filter(name -> typed.text(name).isPresent()).toList();
        if (token.isPresent() && !tls.isEmpty()) {
            throw ConfigurationErrors.contradiction(
                    "both " + ProcessSettings.TOKEN_FILE + " and " + tls.getFirst() + " are set. Leave one out");
        }
        if (token.isPresent()) {
            return new NetworkSettings.Security.Token(token.get());
        }
        if (tls.isEmpty()) {
            throw ConfigurationErrors.missing(
                    Settings.find(ProcessSettings.TOKEN_FILE).orElseThrow());
        }
        return new NetworkSettings.Security.Tls(
                required(typed, ProcessSettings.TLS_CERTIFICATE),
                required(typed, ProcessSettings.TLS_KEY),
                required(typed, ProcessSettings.TLS_CA),
                typed.text(ProcessSettings.TLS_PEER_NAME).orElse(null));
    }

    private static Path required(Typed typed, String name) {
        return path(typed, name)
                .orElseThrow(
                        () -> ConfigurationErrors.missing(Settings.find(name).orElseThrow()));
    }

    private static Optional<Path> path(Typed typed, String name) {
        return typed.text(name).map(text -> {
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw ConfigurationErrors.malformed(name, text, "the path of a file", e);
            }
        });
    }

    private static String advertised(Typed typed, String listenHost) {
        Optional<String> given = typed.text(ProcessSettings.ADVERTISED_HOST);
        if (given.isPresent()) {
            return given.get();
        }
        if (!ALL_ADDRESSES.contains(listenHost)) {
            return listenHost;
        }
        try {
            return InetAddress.getLocalHost().getHostAddress();
        } catch (UnknownHostException e) {
            throw ConfigurationErrors.missing(
                    Settings.find(ProcessSettings.ADVERTISED_HOST).orElseThrow());
        }
    }
}
