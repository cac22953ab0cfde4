package dev.holdfast.storage.s3;

import dev.holdfast.engine.env.StoreException;
import dev.holdfast.engine.env.StoreException.Kind;
import dev.holdfast.storage.s3.StoreSettings.Credentials;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.s3.model.S3Error;

/** Tells from what the SDK throws what went wrong, and says it so that a person can act. */
final class Failures {
    private final StoreSettings settings;
    private final String store;

    Failures(StoreSettings settings) {
        this.settings = settings;
        this.store = settings.describe();
    }

    /** The error of a whole call. */
    StoreException exception(Call call, Failure failure, int attempts, boolean unsure, @Nullable Throwable cause) {
        String tried = attempts > 1 ? " (" + attempts + " tries)" : "";
        String what = "cannot " + call.verb() + " '" + call.key() + "' in " + store + tried + ": " + failure.text();
        return unsure
                ? new StoreException(
                        Kind.UNKNOWN_OUTCOME,
                        what + (what.endsWith("?") ? " " : ". ")
                                + "An answer was lost on the way, so the write may have happened, or may still happen",
                        cause)
                : new StoreException(failure.kind(), what, cause);
    }

    /** What one try ran into. */
    Failure of(RuntimeException error) {
        if (error instanceof AwsServiceException answer) {
            return ofAnswer(answer);
        }
        if (error instanceof UnsettledException) {
            return Failure.unanswered(Kind.UNKNOWN_OUTCOME, String.valueOf(error.getMessage()));
        }
        UnreadableContent content = find(error, UnreadableContent.class);
        if (content != null) {
            return Failure.refused(content.kind(), content.text());
        }
        StoreException disk = find(error, StoreException.class);
        if (disk != null) {
            // The content came from a disk of ours.
            return Failure.refused(disk.kind(), String.valueOf(disk.getMessage()));
        }
        return ofSilence(error);
    }

    static boolean isPreconditionFailed(AwsServiceException answer) {
        return answer.statusCode() == 412;
    }

    static @Nullable String code(AwsServiceException answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        String code = details == null ? null : details.errorCode();
        return code == null || code.isBlank() ? null : code;
    }

    /** One refusal out of the answer to a request for many keys, as if it had been asked for alone. */
    static AwsServiceException ofOne(S3Error error) {
        String code = String.valueOf(error.code());
        return AwsServiceException.builder()
                .statusCode(code.equals("InternalError") ? 500 : 200)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage("key '" + error.key() + "': " + error.message())
                        .build())
                .build();
    }

    private Failure ofAnswer(AwsServiceException answer) {
        String code = code(answer);
        if (code == null) {
            return ofStatus(answer);
        }
        String said = said(answer, code);
        return switch (code) {
            case "NoSuchBucket", "InvalidBucketName" ->
                Failure.refused(
                        Kind.NO_BUCKET,
                        "there is no bucket '" + settings.bucket() + "'. Create it, or correct storage" + said);
            case "PermanentRedirect",
                    "TemporaryRedirect",
                    "IllegalLocationConstraintException",
                    "AuthorizationHeaderMalformed" ->
                Failure.refused(
                        Kind.NO_BUCKET,
                        "bucket '" + settings.bucket() + "' is not in the region that requests are signed for. Set"
                                + " storage.region to that of the bucket" + said);
            case "InvalidAccessKeyId" ->
                Failure.refused(
                        Kind.BAD_CREDENTIALS,
                        "the server does not know the access key" + whose() + ". Correct it" + said);
            case "SignatureDoesNotMatch" ->
                Failure.refused(
                        Kind.BAD_CREDENTIALS,
                        "the secret key does not belong to the access key" + whose() + ". Correct it" + said);
            case "ExpiredToken", "InvalidToken", "TokenRefreshRequired", "ExpiredTokenException" ->
                Failure.refused(
                        Kind.BAD_CREDENTIALS, "the session token has expired or is wrong. Get new credentials" + said);
            case "RequestTimeTooSkewed", "RequestExpired", "InvalidSignatureException" ->
                Failure.refused(
                        Kind.BAD_CREDENTIALS,
                        "the clocks of this machine and of the server differ by too much" + serverTime(answer)
                                + ". Set the clocks, as NTP does" + said);
            case "AccessDenied", "AllAccessDisabled", "AccountProblem", "InvalidObjectState" ->
                Failure.refused(
                        Kind.DENIED,
                        "the credentials" + whose() + " may not do this. Allow s3:GetObject, PutObject, DeleteObject,"
                                + " ListBucket and AbortMultipartUpload on bucket '" + settings.bucket() + "'" + said);
            case "NotImplemented" ->
                Failure.refused(
                        Kind.NO_CONDITIONAL_WRITES,
                        "the server does not support this request. Create-only writes need S3 itself, or a server with"
                                + " 'If-None-Match: *' such as MinIO: set storage to one" + said);
            case "NoSuchKey" -> Failure.refused(Kind.NOT_FOUND, "there is no such object" + said);
            case "ConditionalRequestConflict", "OperationAborted" ->
                Failure.notDone(Kind.BUSY, "others are writing the same key all the time" + said);
            case "SlowDown",
                    "ServiceUnavailable",
                    "Throttling",
                    "ThrottlingException",
                    "TooManyRequests",
                    "RequestLimitExceeded" ->
                Failure.notDone(
                        Kind.BUSY,
                        "the server asks for fewer requests. Lengthen the checkpoint interval, or give the server more"
                                + " capacity" + said);
            default ->
                answer.statusCode() >= 500 || code.equals("InternalError") || code.equals("RequestTimeout")
                        ? Failure.unanswered(Kind.BUSY, "the server failed. Look at its logs" + said)
                        : Failure.refused(
                                Kind.UNREACHABLE, "the server refused the request. Is it an S3 server?" + said);
        };
    }

    /** An answer without S3's own code: to a HEAD, by a proxy in between, or by no S3 server at all. */
    private Failure ofStatus(AwsServiceException answer) {
        int status = answer.statusCode();
        String said = " (answer " + status + " without a reason)";
        if (status == 403 || status == 401) {
            return Failure.refused(
                    Kind.DENIED, "the server refuses the credentials" + whose() + ", or they may not do this" + said);
        }
        if (status >= 500 || status == 429 || status == 408) {
            return Failure.unanswered(Kind.BUSY, "the server, or a proxy before it, failed. Look at their logs" + said);
        }
        return Failure.refused(
                Kind.UNREACHABLE, "this is not how an S3 server answers. Correct storage.endpoint" + said);
    }

    /** There was no answer, or none that could be understood. */
    private Failure ofSilence(RuntimeException error) {
        String message = String.valueOf(error.getMessage());
        UnknownHostException host = find(error, UnknownHostException.class);
        if (host != null) {
            return Failure.notDone(
                    Kind.UNREACHABLE,
                    "the name of the server cannot be resolved: " + host.getMessage()
                            + ". Correct storage.endpoint"
                            + (settings.pathStyle() ? "" : " or set storage.path-style to true")
                            + ", or look at DNS");
        }
        if (find(error, CertPathBuilderException.class) != null || find(error, CertificateException.class) != null) {
            return Failure.refused(
                    Kind.UNREACHABLE,
                    "the certificate of the server is not trusted: " + deepest(error)
                            + ". Set storage.ca-file to the certificate of its authority");
        }
        if (find(error, SSLPeerUnverifiedException.class) != null) {
            return Failure.refused(
                    Kind.UNREACHABLE,
                    "the certificate of the server is for another name: " + deepest(error)
                            + ". Correct storage.endpoint");
        }
        SSLException tls = find(error, SSLException.class);
        if (tls != null
                && String.valueOf(tls.getMessage()).toLowerCase(Locale.ROOT).contains("unsupported or unrecognized")) {
            return Failure.refused(
                    Kind.UNREACHABLE,
                    "the server does not speak TLS. Does storage.endpoint have to begin with http://?");
        }
        if (tls != null) {
            // A connection that breaks also breaks TLS, at any time.
            return Failure.unanswered(
                    Kind.UNREACHABLE, "TLS with the server failed: " + deepest(error) + ". Look at its settings");
        }
        if (find(error, ConnectTimeoutException.class) != null || find(error, NoRouteToHostException.class) != null) {
            return Failure.notDone(
                    Kind.UNREACHABLE,
                    "no connection within " + settings.limits().connectTimeoutMs()
                            + " ms. Is the address right, and does the network, or a firewall, let it through?");
        }
        if (find(error, ConnectException.class) != null) {
            return Failure.notDone(
                    Kind.UNREACHABLE, "no server there: " + deepest(error) + ". Start it, or correct storage.endpoint");
        }
        if (message.contains("Unable to load credentials")) {
            return Failure.refused(
                    Kind.BAD_CREDENTIALS,
                    "no credentials found. Set storage.access-key and storage.secret-key, or give the process some in a way"
                            + " that the AWS SDK knows, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
        }
        if (error instanceof ApiCallAttemptTimeoutException
                || error instanceof ApiCallTimeoutException
                || find(error, SocketTimeoutException.class) != null) {
            return Failure.unanswered(
                    Kind.UNREACHABLE,
                    "the server does not answer in time. Is storage.endpoint an S3 server, and is it well?");
        }
        if (error instanceof AbortedException || find(error, InterruptedException.class) != null) {
            return new Failure(Kind.UNREACHABLE, "interrupted", false, true);
        }
        if (message.contains("Timeout waiting for connection from pool")) {
            return Failure.notDone(Kind.BUSY, "too many calls at once in this process");
        }
        if (find(error, IOException.class) != null) {
            return Failure.unanswered(
                    Kind.UNREACHABLE,
                    "the connection broke: " + deepest(error) + ". Look at the server and the network");
        }
        return new Failure(
                Kind.UNREACHABLE,
                "the answer makes no sense: " + deepest(error) + ". Is storage.endpoint an S3 server?",
                false,
                true);
    }

    private String whose() {
        return settings.credentials() instanceof Credentials.KeyPair pair ? " '" + pair.accessKey() + "'" : "";
    }

    private static String said(AwsServiceException answer, String code) {
        AwsErrorDetails details = answer.awsErrorDetails();
        String message = details == null ? null : details.errorMessage();
        return " (answer " + answer.statusCode() + " " + code
                + (message == null || message.isBlank() ? "" : ": " + message.strip()) + ")";
    }

    private static String serverTime(AwsServiceException answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        return details == null || details.sdkHttpResponse() == null
                ? ""
                : details.sdkHttpResponse()
                        .firstMatchingHeader("Date")
                        .map(date -> "; the server's is at " + date)
                        .orElse("");
    }

    private static <E extends Throwable> @Nullable E find(Throwable error, Class<E> type) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    private static String deepest(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message.strip();
    }
}
