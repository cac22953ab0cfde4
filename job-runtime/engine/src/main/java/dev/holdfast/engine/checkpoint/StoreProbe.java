package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.ObjectStore.Listed;
import dev.holdfast.engine.env.StoreException;
import dev.holdfast.engine.env.StoreException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Finds out at the start of a process whether its store can carry a job. Everything rests on create-only writes: a store that
 * ignores the condition would let two coordinators own one job, and nobody would notice.
 *
 * <ol>
 *   <li>one object is created twice: the first must win, the second must lose and leave the object as it is;
 *   <li>some create another at once: exactly one must win, and the object must be the winner's;
 *   <li>both must be listed, and read in part;
 *   <li>both are deleted, and must be gone.
 * </ol>
 *
 * <p>So it also finds a wrong bucket, wrong keys and missing rights before the job does. A store that answers nothing is given
 * up after {@link #LIMIT_MS}. Racing a few times proves nothing; it finds stores that look before they write.
 */
public final class StoreProbe {
    /** A person waits at most 10 s for a bad setting to be named; the stores' own limits are below this one. */
    static final long LIMIT_MS = 9_500;

    private static final int RACERS = 4;
    private static final long LOOK_AGAIN_MS = 5;

    private final Env env;
    private final String prefix;
    private final String twice;
    private final String raced;
    private final long startNs;

    private StoreProbe(Env env) {
        this.env = env;
        // Its own place, since another process may probe at the same time.
        this.prefix = "probe/" + env.randomness().uniqueName() + "/";
        this.twice = prefix + "twice";
        this.raced = prefix + "raced";
        this.startNs = env.clock().nowNs();
    }

    /**
     * Probes the store of an env. For a blocking call; takes a few round trips, and 10 s at most.
     *
     * @throws StoreException of kind NO_CONDITIONAL_WRITES if the store does not decide create-only writes, or as the store
     *     throws it
     */
    public static void check(Env env) throws InterruptedException {
        new StoreProbe(env).run();
    }

    private void run() throws InterruptedException {
        boolean deleted = false;
        try {
            createTwice();
            race();
            list();
            await(start("delete probe", this::delete));
            deleted = true;
            if (await(start("read probe", () -> env.store().get(twice) != null))) {
                throw unlike("an object that was deleted can still be read");
            }
        } finally {
            if (!deleted) {
                // Nobody waits for it: what is wrong is known already.
                start("delete probe", this::delete);
            }
        }
    }

    private void createTwice() throws InterruptedException {
        byte[] first = text("first");
        if (!await(start("create probe", () -> env.store().putIfAbsent(twice, Content.of(first))))) {
            throw unlike("a name that no other process uses is taken");
        }
        boolean secondWon =
                await(start("create probe", () -> env.store().putIfAbsent(twice, Content.of(text("second")))));
        boolean changed = !Arrays.equals(await(start("read probe", () -> bytes(twice))), first);
        if (secondWon || changed) {
            throw noConditionalWrites(
                    secondWon
                            ? "created an object that was there already"
                            : "refused to create an object that was there already, but changed it");
        }
    }

    private void race() throws InterruptedException {
        List<Answer<Boolean>> answers = new ArrayList<>();
        for (int racer = 0; racer < RACERS; racer++) {
            byte[] content = text("racer " + racer);
            answers.add(start("race for probe", () -> env.store().putIfAbsent(raced, Content.of(content))));
        }
        List<Integer> winners = new ArrayList<>();
        for (int racer = 0; racer < RACERS; racer++) {
            if (await(answers.get(racer))) {
                winners.add(racer);
            }
        }
        if (winners.size() != 1) {
            throw noConditionalWrites(
                    "let " + winners.size() + " of " + RACERS + " writers create one object at the same time");
        }
        if (!Arrays.equals(await(start("read probe", () -> bytes(raced))), text("racer " + winners.getFirst()))) {
            throw noConditionalWrites("told one writer that it created an object, and kept the bytes of another");
        }
    }

    private void list() throws InterruptedException {
        List<Listed> listed = await(start("list probe", () -> env.store().list(prefix, null, RACERS)));
        if (!listed.equals(
                List.of(new Listed(raced, text("racer 0").length), new Listed(twice, text("first").length)))) {
            throw unlike("two objects were written, and the listing shows " + listed);
        }
        if (!Arrays.equals(await(start("read probe", () -> env.store().getRange(twice, 1, 3))), text("irs"))) {
            throw unlike("a part of an object is not what was written there");
        }
    }

    private boolean delete() {
        env.store().delete(List.of(twice, raced));
        return true;
    }

    private byte[] bytes(String key) {
        byte[] bytes = env.store().get(key);
        if (bytes == null) {
            throw unlike("an object that was written cannot be read");
        }
        return bytes;
    }

    private <T> Answer<T> start(String what, Callable<T> call) {
        Answer<T> answer = new Answer<>();
        env.blocking().start(what, call, Runnable::run, answer::set);
        return answer;
    }

    /** Waits without holding anything: a call into a store that hangs is left behind. */
    private <T> T await(Answer<T> answer) throws InterruptedException {
        while (!answer.isThere()) {
            if (env.clock().nowNs() - startNs > LIMIT_MS * 1_000_000) {
                throw new StoreException(
                        Kind.UNREACHABLE,
                        env.store().describe() + " did not answer within " + LIMIT_MS
                                + " ms. Is it the right address, and is the server well?");
            }
            env.blocking().pause(LOOK_AGAIN_MS);
        }
        return answer.get();
    }

    private StoreException noConditionalWrites(String did) {
        return new StoreException(
                Kind.NO_CONDITIONAL_WRITES,
                env.store().describe() + " " + did
                        + ". Two processes could own one job, so no job starts on it. Set storage to a store that decides"
                        + " create-only writes ('If-None-Match: *'), such as AWS S3 or MinIO");
    }

    private StoreException unlike(String what) {
        return new StoreException(
                Kind.DAMAGED,
                env.store().describe() + " does not keep its promises: " + what + " (below '" + prefix
                        + "'). Does a cache stand before it, or does something else delete from it?");
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What a call left, seen by the one that waits for it. */
    private static final class Answer<T> {
        private final AtomicReference<@Nullable Outcome<T>> outcome = new AtomicReference<>();

        void set(@Nullable T result, @Nullable Throwable error) {
            outcome.set(new Outcome<>(result, error));
        }

        boolean isThere() {
            return outcome.get() != null;
        }

        T get() {
            Outcome<T> there = outcome.get();
            if (there == null) {
                throw new IllegalStateException("there is no answer yet");
            }
            if (there.error() instanceof RuntimeException e) {
                throw e;
            }
            if (there.error() instanceof Error e) {
                throw e;
            }
            if (there.error() != null || there.result() == null) {
                throw new IllegalStateException(there.error());
            }
            return there.result();
        }
    }

    private record Outcome<T>(@Nullable T result, @Nullable Throwable error) {}
}
