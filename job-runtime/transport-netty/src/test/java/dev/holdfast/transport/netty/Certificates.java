package dev.holdfast.transport.netty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Authorities and certificates for tests, laid out as Kubernetes lays out a Secret: files are links into a directory that is itself
 * a link, which is swapped for another one at once.
 */
final class Certificates {
    private final Path directory;
    private final Map<String, KeyPair> keys = new HashMap<>();

    Certificates(Path directory) {
        this.directory = directory;
    }

    /** An authority; its certificate is at {@code <name>.pem}. */
    void authority(String name) throws Exception {
        write(name, CertificateMaker.authority(name, newKeys(name)));
    }

    /** A certificate that an authority signs, with its key. */
    void certificate(String name, String authority, @Nullable String dnsName) throws Exception {
        certificate(name, authority, dnsName, Instant.now().plusSeconds(86_400));
    }

    void certificate(String name, String authority, @Nullable String dnsName, Instant notAfter) throws Exception {
        KeyPair pair = newKeys(name);
        write(
                name,
                CertificateMaker.certificate(
                        name, pair.getPublic(), authority, keys.get(authority).getPrivate(), dnsName, notAfter));
        Files.writeString(
                directory.resolve(name + ".key"),
                pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    }

    /** Mounts certificate, key and authority as a Secret, or swaps what is mounted. */
    NetworkSettings.Security.Tls mount(String secret, String name, String authority, @Nullable String peerName)
            throws IOException {
        Path mount = Files.createDirectories(directory.resolve(secret));
        Path version = Files.createTempDirectory(mount, "..version");
        Files.copy(directory.resolve(name + ".pem"), version.resolve("tls.crt"));
        Files.copy(directory.resolve(name + ".key"), version.resolve("tls.key"));
        Files.copy(directory.resolve(authority + ".pem"), version.resolve("ca.crt"));
        Path next = mount.resolve("..data_tmp");
        Files.createSymbolicLink(next, version.getFileName());
        Files.move(next, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        for (String file : List.of("tls.crt", "tls.key", "ca.crt")) {
            if (!Files.exists(mount.resolve(file))) {
                Files.createSymbolicLink(mount.resolve(file), Path.of("..data", file));
            }
        }
        return new NetworkSettings.Security.Tls(
                mount.resolve("tls.crt"), mount.resolve("tls.key"), mount.resolve("ca.crt"), peerName);
    }

    static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + kind + "-----\n";
    }

    private KeyPair newKeys(String name) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        keys.put(name, generator.generateKeyPair());
        return keys.get(name);
    }

    private void write(String name, byte[] der) throws IOException {
        Files.writeString(directory.resolve(name + ".pem"), pem("CERTIFICATE", der));
    }
}
