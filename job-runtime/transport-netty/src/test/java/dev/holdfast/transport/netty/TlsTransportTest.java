package dev.holdfast.transport.netty;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The suite with TLS on both sides. */
class TlsTransportTest extends NettyConformance {
    @TempDir
    private static Path secrets;

    private static NetworkSettings.Security.Tls tls;

    @BeforeAll
    static void makeCertificates() throws Exception {
        Certificates certificates = new Certificates(secrets);
        certificates.authority("authority");
        certificates.certificate("job", "authority", "job.example");
        tls = certificates.mount("secret", "job", "authority", "job.example");
    }

    @Override
    NetworkSettings.Security security() {
        return tls;
    }

    @Override
    EventLoops.Kind kind() {
        return EventLoops.Kind.best();
    }
}
