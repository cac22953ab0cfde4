package dev.holdfast.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.StoreException;
import dev.holdfast.engine.env.StoreException.Kind;
import dev.holdfast.storage.s3.CannedServer.Answer;
import dev.holdfast.storage.s3.CannedServer.Script;
import dev.holdfast.storage.s3.CannedServer.Stored;
import dev.holdfast.testkit.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A write whose answer was lost is neither taken for lost nor, being refused by itself, for somebody else's. */
class LostAnswersTest {
    private static final byte[] OURS = {1, 2, 3};
    private static final byte[] THEIRS = {4, 5, 6};

    /** 0: the connection breaks off. */
    @ParameterizedTest
    @ValueSource(ints = {0, 500, 502, 503})
    void aCreateThatWasDoneIsWonByTheNextTry(int status) throws IOException {
        Script script = (self, request) -> {
            Answer answer = self.behave(request);
            return request.number() == 0 ? Answer.of(status) : answer;
        };
        try (CannedServer server = new CannedServer(script);
                ObjectStore store = open(server)) {
            assertThat(store.putIfAbsent("a", Content.of(OURS))).isTrue();

            assertThat(methods(server)).containsExactly("PUT", "PUT", "HEAD");
            assertThat(server.objects.get("jobs/a").bytes()).isEqualTo(OURS);
        }
    }

    @Test
    void aCreateThatWasNotDoneIsDoneByTheNextTry() throws IOException {
        Script script = (self, request) -> request.number() == 0 ? Answer.hangUp() : self.behave(request);
        try (CannedServer server = new CannedServer(script);
                ObjectStore store = open(server)) {
            assertThat(store.putIfAbsent("a", Content.of(OURS))).isTrue();

            assertThat(methods(server)).containsExactly("PUT", "PUT");
        }
    }

    @Test
    void aCreateThatSomebodyElseDidMeanwhileIsLost() throws IOException {
        // The same bytes, so that only the token tells.
        Script script = (self, request) -> {
            if (request.number() == 0) {
                self.objects.put("jobs/a", new Stored(OURS, "token-of-another"));
                return Answer.hangUp();
            }
            return self.behave(request);
        };
        try (CannedServer server = new CannedServer(script);
                ObjectStore store = open(server)) {
            assertThat(store.putIfAbsent("a", Content.of(OURS))).isFalse();
        }
    }

    @Test
    void withoutTokensOtherBytesAreSomebodyElses() throws IOException {
        try (CannedServer server = new CannedServer(losesFirstAndDropsTokens(THEIRS));
                ObjectStore store = open(server)) {
            assertThat(store.putIfAbsent("a", Content.of(OURS))).isFalse();
        }
    }

    @Test
    void withoutTokensTheSameBytesLeaveItUnknown() throws IOException {
        try (CannedServer server = new CannedServer(losesFirstAndDropsTokens(OURS));
                ObjectStore store = open(server)) {
            assertUnknown(store, "there is an object with the same bytes, and the store keeps no metadata");
        }
    }

    @Test
    void aRefusalWithoutALostTryNeedsNoToken() throws IOException {
        Script script = (self, request) -> {
            self.objects.put("jobs/a", new Stored(OURS, null));
            return self.behave(request);
        };
        try (CannedServer server = new CannedServer(script);
                ObjectStore store = open(server)) {
            assertThat(store.putIfAbsent("a", Content.of(OURS))).isFalse();
        }
    }

    @Test
    void aCreateThatWentAwayAgainLeavesItUnknown() throws IOException {
        Script script = (self, request) -> switch (request.number()) {
            case 0 -> Answer.hangUp();
            case 1 -> Answer.error(412, "PreconditionFailed");
            default -> self.behave(request);
        };
        try (CannedServer server = new CannedServer(script);
                ObjectStore store = open(server)) {
            assertUnknown(store, "there is no such object (any more)");
        }
    }

    @Test
    void aProxyThatTriesTwiceDoesNotMakeUsLose() throws IOException {
        Script script = (self, request) -> {
            if (request.number() == 0) {
                self.behave(request);
            }
            return self.behave(request);
        };
        try (CannedServer server = new CannedServer(script);
                ObjectStore store = open(server)) {
            assertThat(store.putIfAbsent("a", Content.of(OURS))).isTrue();
        }
    }

    @Test
    void conflictsAreTriedAgain() throws IOException {
        Script script = (self, request) ->
                request.number() < 2 ? Answer.error(409, "ConditionalRequestConflict") : self.behave(request);
        try (CannedServer server = new CannedServer(script);
                ObjectStore store = open(server)) {
            assertThat(store.putIfAbsent("a", Content.of(OURS))).isTrue();
            assertThat(server.requests).hasSize(3);
        }
    }

    @Test
    void conflictsWithoutEndAreNotUnknown() throws IOException {
        try (CannedServer server =
                        new CannedServer((self, request) -> Answer.error(409, "ConditionalRequestConflict"));
                ObjectStore store = open(server)) {
            assertThatThrownBy(() -> store.putIfAbsent("a", Content.of(OURS)))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BUSY))
                    .hasMessageContaining("others are writing the same key all the time");
        }
    }

    @Test
    void aRefusalAfterALostTryIsStillUnknown() throws IOException {
        Script script = (self, request) -> request.number() == 0 ? Answer.hangUp() : Answer.error(403, "AccessDenied");
        try (CannedServer server = new CannedServer(script);
                ObjectStore store = open(server)) {
            assertUnknown(store, "may not do this");
        }
    }

    @Test
    void aRealServersCreateIsKnownAgain(@TempDir Path directory) throws IOException {
        try (S3Server server = S3Server.start(directory);
                LossyProxy proxy = new LossyProxy(server.port(), "PUT .*", 2);
                ObjectStore store = open(server, proxy)) {
            assertThat(store.putIfAbsent("a", Content.of(OURS))).isTrue();
            assertThat(proxy.lossesLeft()).isZero();
            assertThat(store.putIfAbsent("a", Content.of(OURS))).isFalse();
        }
    }

    @Test
    void aLargeCreateIsKnownAgain(@TempDir Path directory) throws IOException {
        Content large = Content.of(new byte[70 << 20]);
        try (S3Server server = S3Server.start(directory);
                LossyProxy proxy = new LossyProxy(server.port(), "POST .*uploadId=.*", 1);
                ObjectStore store = open(server, proxy)) {
            assertThat(store.putIfAbsent("a", large)).isTrue();
            assertThat(proxy.lossesLeft()).isZero();
            assertThat(store.putIfAbsent("a", large)).isFalse();
        }
    }

    @Test
    void aLargePutIsKnownAgain(@TempDir Path directory) throws IOException {
        try (S3Server server = S3Server.start(directory);
                LossyProxy proxy = new LossyProxy(server.port(), "POST .*uploadId=.*", 1);
                ObjectStore store = open(server, proxy)) {
            store.put("a", Content.of(new byte[70 << 20]));
            assertThat(proxy.lossesLeft()).isZero();
            assertThat(store.list("", null, 1).getFirst().sizeBytes()).isEqualTo(70 << 20);
        }
    }

    @Test
    void partsWhoseAnswersAreLostAreSentAgain(@TempDir Path directory) throws IOException {
        try (S3Server server = S3Server.start(directory);
                LossyProxy proxy = new LossyProxy(server.port(), "PUT .*partNumber=.*", 3);
                ObjectStore store = open(server, proxy)) {
            assertThat(store.putIfAbsent("a", Content.of(new byte[70 << 20]))).isTrue();
            assertThat(proxy.lossesLeft()).isZero();
            assertThat(store.get("a")).hasSize(70 << 20);
        }
    }

    private static Script losesFirstAndDropsTokens(byte[] standing) {
        return (self, request) -> {
            if (request.number() == 0) {
                self.objects.put("jobs/a", new Stored(standing, null));
                return Answer.hangUp();
            }
            return self.behave(request);
        };
    }

    private static void assertUnknown(ObjectStore store, String why) {
        assertThatThrownBy(() -> store.putIfAbsent("a", Content.of(OURS)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNKNOWN_OUTCOME))
                .hasMessageStartingWith("HF-STO-008: ")
                .hasMessageContaining(why);
    }

    private static List<String> methods(CannedServer server) {
        return server.requests.stream().map(CannedServer.Request::method).toList();
    }

    private static ObjectStore open(CannedServer server) {
        return ObjectStores.open(StoreSettings.of(URI.create("s3://bucket/jobs"))
                .withEndpoint(server.endpoint())
                .withKeyPair("key", "secret"));
    }

    private static ObjectStore open(S3Server server, LossyProxy proxy) {
        return ObjectStores.open(StoreSettings.of(URI.create("s3://holdfast/jobs"))
                .withEndpoint(proxy.endpoint())
                .withKeyPair(server.accessKey(), server.secretKey()));
    }
}
