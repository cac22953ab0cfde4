package dev.holdfast.storage.s3;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.storage.s3.StoreSettings.Credentials;
import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Builds the SDK's client from settings. */
final class S3Clients {
    /** As many calls as one worker has under way at most, with room: uploads of all slots and the coordinator's. */
    private static final int MAX_CONNECTIONS = 128;

    /** A server that neither takes nor sends a byte for this long is taken for dead in the middle of a long transfer. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    /** Below the 20 s after which AWS, and most servers, close an idle connection themselves. */
    private static final Duration MAX_IDLE = Duration.ofSeconds(15);

    private S3Clients() {}

    static S3Client open(StoreSettings settings) {
        Duration connectTimeout = Duration.ofMillis(settings.limits().connectTimeoutMs());
        Apache5HttpClient.Builder http = Apache5HttpClient.builder()
                .maxConnections(MAX_CONNECTIONS)
                .connectionTimeout(connectTimeout)
                .connectionAcquisitionTimeout(connectTimeout)
                .socketTimeout(SILENCE)
                .connectionMaxIdleTime(MAX_IDLE)
                .tcpKeepAlive(true)
                .dnsResolver(new BoundedDns(connectTimeout));
        if (settings.caFile() != null) {
            http.tlsTrustManagersProvider(TrustedAuthorities.with(settings.caFile()));
        }
        S3ClientBuilder client = S3Client.builder()
                .httpClientBuilder(http)
                .region(region(settings))
                .forcePathStyle(settings.pathStyle())
                .credentialsProvider(credentials(settings.credentials()))
                // Every object of the engine carries a checksum of its own; older servers refuse the SDK's.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                // Calls decides about tries: the SDK does not know which writes may be repeated.
                .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()));
        URI endpoint = settings.endpoint();
        if (endpoint != null) {
            client.endpointOverride(endpoint);
        }
        return client.build();
    }

    private static Region region(StoreSettings settings) {
        if (settings.region() != null) {
            return Region.of(settings.region());
        }
        if (settings.endpoint() != null) {
            return Region.US_EAST_1;
        }
        try {
            return new DefaultAwsRegionProviderChain().getRegion();
        } catch (SdkClientException e) {
            throw new HoldfastException(
                    "HF-STO-027",
                    "storage is " + settings.storage()
                            + ", but its region is not known. Set storage.region, or AWS_REGION in"
                            + " the environment; for a server other than AWS set storage.endpoint",
                    e);
        }
    }

    private static AwsCredentialsProvider credentials(Credentials credentials) {
        return switch (credentials) {
            case Credentials.Chain chain -> DefaultCredentialsProvider.builder().build();
            case Credentials.KeyPair pair ->
                StaticCredentialsProvider.create(
                        pair.sessionToken() == null
                                ? AwsBasicCredentials.create(pair.accessKey(), pair.secretKey())
                                : AwsSessionCredentials.create(
                                        pair.accessKey(), pair.secretKey(), pair.sessionToken()));
        };
    }
}
