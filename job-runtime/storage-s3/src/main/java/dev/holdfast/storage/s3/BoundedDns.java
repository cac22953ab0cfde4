package dev.holdfast.storage.s3;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Looks host names up as the JDK does, but gives up after a while. A lookup in the operating system cannot be interrupted and
 * may take half a minute when no name server answers, far more than a call may.
 */
final class BoundedDns implements DnsResolver {
    private final Duration timeout;

    BoundedDns(Duration timeout) {
        this.timeout = timeout;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        CompletableFuture<InetAddress[]> found = new CompletableFuture<>();
        // A platform thread: the lookup would hold a carrier of virtual threads for as long as it hangs.
        Thread.ofPlatform().daemon().name("dns-" + host).start(() -> {
            try {
                found.complete(InetAddress.getAllByName(host));
            } catch (UnknownHostException | RuntimeException e) {
                found.completeExceptionally(e);
            }
        });
        try {
            return found.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw unknown(host, "no name server answered within " + timeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(host, "interrupted", e);
        } catch (ExecutionException e) {
            throw unknown(host, "no such name", e);
        }
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    private static UnknownHostException unknown(String host, String why, Exception cause) {
        UnknownHostException unknown = new UnknownHostException(host + ": " + why);
        unknown.initCause(cause);
        return unknown;
    }
}
