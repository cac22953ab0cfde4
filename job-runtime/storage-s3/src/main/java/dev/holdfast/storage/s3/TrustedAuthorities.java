package dev.holdfast.storage.s3;

import dev.holdfast.api.HoldfastException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.TlsTrustManagersProvider;

/** Trusts what Java trusts, and the authorities of one PEM file. */
final class TrustedAuthorities {

    private TrustedAuthorities() {}

    /**
     * Reads the file once, now.
     *
     * @throws HoldfastException HF-STO-025 if the file cannot be read or holds no certificate
     */
    static TlsTrustManagersProvider with(Path caFile) {
        try {
            KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
            authorities.load(null, null);
            int count = 0;
            for (Certificate certificate : read(caFile)) {
                authorities.setCertificateEntry("file-" + count++, certificate);
            }
            if (count == 0) {
                throw new HoldfastException(
                        "HF-STO-025",
                        "storage.ca-file " + caFile
                                + " holds no certificate. Expected certificates in PEM, which begin with"
                                + " -----BEGIN CERTIFICATE-----");
            }
            for (TrustManager manager : managers(null)) {
                if (manager instanceof X509TrustManager x509) {
                    for (X509Certificate certificate : x509.getAcceptedIssuers()) {
                        authorities.setCertificateEntry("java-" + count++, certificate);
                    }
                }
            }
            TrustManager[] managers = managers(authorities);
            return () -> managers;
        } catch (GeneralSecurityException | IOException e) {
            throw new HoldfastException(
                    "HF-STO-025",
                    "cannot read storage.ca-file " + caFile + ": " + e
                            + ". Expected a readable file of certificates in PEM, which begin with -----BEGIN CERTIFICATE-----",
                    e);
        }
    }

    private static Collection<? extends Certificate> read(Path caFile) throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(caFile)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }

    private static TrustManager[] managers(@Nullable KeyStore authorities) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        return factory.getTrustManagers();
    }
}
