package dev.holdfast.transport.netty;

import dev.holdfast.api.HoldfastException;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Trusts what the JDK trusts, if the certificate has a name besides. The same for both sides of a connection. */
final class PeerNames extends X509ExtendedTrustManager {
    /** The kind of a DNS name among the alternative names of a certificate (RFC 5280, 4.2.1.6). */
    private static final Integer DNS_NAME = 2;

    private final X509ExtendedTrustManager authorities;
    private final String name;

    private PeerNames(X509ExtendedTrustManager authorities, String name) {
        this.authorities = authorities;
        this.name = name;
    }

    /** Trusts certificates that come from the authorities and, if a name is given, have that. */
    static TrustManager trust(List<X509Certificate> authorities, @Nullable String name) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority-" + i, authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager found : factory.getTrustManagers()) {
                if (found instanceof X509ExtendedTrustManager manager) {
                    return name == null ? manager : new PeerNames(manager, name);
                }
            }
            throw new IllegalStateException("the JVM has no trust manager for X.509");
        } catch (GeneralSecurityException | IOException e) {
            throw new HoldfastException("HF-NET-003", "the authorities of the CA file cannot be used: " + e, e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        authorities.checkClientTrusted(chain, type, engine);
        requireName(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        authorities.checkServerTrusted(chain, type, engine);
        requireName(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        authorities.checkClientTrusted(chain, type, socket);
        requireName(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        authorities.checkServerTrusted(chain, type, socket);
        requireName(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        authorities.checkClientTrusted(chain, type);
        requireName(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        authorities.checkServerTrusted(chain, type);
        requireName(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.getAcceptedIssuers();
    }

    private void requireName(X509Certificate[] chain) throws CertificateException {
        Collection<List<?>> names = chain[0].getSubjectAlternativeNames();
        if (names != null) {
            for (List<?> entry : names) {
                if (DNS_NAME.equals(entry.get(0))
                        && String.valueOf(entry.get(1))
                                .toLowerCase(Locale.ROOT)
                                .equals(name.toLowerCase(Locale.ROOT))) {
                    return;
                }
            }
        }
        throw new CertificateException("the certificate has the names " + names + ", expected '" + name + "'");
    }
}
