package dev.holdfast.engine.worker;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.protocol.Failure;
import dev.holdfast.engine.state.LocalSegments;
import dev.holdfast.engine.state.PreparedStores;
import dev.holdfast.engine.state.SlotStateSettings;
import dev.holdfast.engine.state.SortedStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What a worker has on its disk beyond one attempt: segments of checkpoints, empty stores for the next attempt, and states of the last
 * one that are still being closed. On the worker's thread.
 */
final class WorkerDisk {
    /** A file is not what was written; bytes of it are no value. */
    private static final Set<String> DAMAGES = Set.of("HF-STA-026", "HF-STA-020");

    private static final System.Logger LOG = System.getLogger(WorkerDisk.class.getName());

    private final Env env;
    private final Mailbox mailbox;
    private final LocalSegments segments;
    private final PreparedStores stores;
    private final long cacheBytes;
    private final List<Long> closing = new ArrayList<>();
    private int running;
    private boolean ending;

    WorkerDisk(Env env, WorkerJob job, Mailbox mailbox) {
        this.env = env;
        this.mailbox = mailbox;
        this.segments = new LocalSegments(env.disk(), env.blocking());
        this.stores = new PreparedStores(job.stores(), env.disk(), env.blocking(), job.slots());
        this.cacheBytes = new SlotStateSettings("", job.memoryBudgetBytes() / job.slots()).cacheBytes();
    }

    LocalSegments segments() {
        return segments;
    }

    /** Whether a local file was found damaged, by its checksum. */
    static boolean isDamage(@Nullable Throwable error) {
        return error != null
                && Failure.hasCause(
                        error, cause -> cause instanceof HoldfastException known && DAMAGES.contains(known.code()));
    }

    /** After a damage, and after any other error of the disk, the next attempt uses no file that it has not compared. */
    void attemptFailed(Throwable error) {
        if (isDamage(error) || Failure.of(error, "").ofDisk()) {
            segments.distrust();
        }
    }

    SortedStore.Factory stores() {
        return stores;
    }

    /** Gets ready for an attempt that may come. Returns at once. */
    void prepare() {
        if (!ending) {
            call(
                    "prepare stores",
                    () -> {
                        segments.open();
                        stores.prepare(cacheBytes);
                        return true;
                    },
                    () -> {});
        }
    }

    /** Closes a state of an attempt. The next attempt does not wait for it, but the one after that, so that memory is bounded. */
    void close(long attempt, Runnable close) {
        closing.add(attempt);
        call(
                "close state",
                () -> {
                    close.run();
                    return true;
                },
                () -> closing.remove(attempt));
    }

    /** Whether states of attempts before this one are still being closed. */
    boolean isClosingBefore(long attempt) {
        return closing.stream().anyMatch(each -> each < attempt);
    }

    /** Whether nothing is being opened or closed. */
    boolean isIdle() {
        return running == 0 && stores.isIdle();
    }

    /** The worker ends. */
    void end() {
        if (!ending) {
            ending = true;
            call(
                    "close stores",
                    () -> {
                        stores.close();
                        return true;
                    },
                    () -> {});
        }
    }

    private void call(String what, Callable<Boolean> call, Runnable then) {
        running++;
        env.blocking().startWork(what, call, mailbox, (done, error) -> {
            running--;
            then.run();
            if (error != null) {
                LOG.log(System.Logger.Level.WARNING, what + " failed: " + error);
            }
        });
    }
}
