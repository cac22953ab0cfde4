package dev.holdfast.engine.env.host;

import dev.holdfast.engine.env.BlockingCalls;
import dev.holdfast.engine.env.Mailbox;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Blocking calls on virtual threads, long work on platform threads of low priority, delays on one daemon timer thread. */
public final class VirtualThreadCalls implements BlockingCalls, AutoCloseable {
    private static final String IDLE = "holdfast-work";

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().name("holdfast-timer").daemon(true).unstarted(task));

    /** Threads are kept: starting one takes the caller ten times as long as waking one. */
    private final ExecutorService workers = Executors.newCachedThreadPool(VirtualThreadCalls::worker);

    @Override
    public <T> void start(String what, Callable<T> call, Mailbox mailbox, Done<T> done) {
        Thread.ofVirtual().name(what).start(() -> run(call, mailbox, done));
    }

    /** Virtual threads share as many platform threads as there are cores, and keep one while they compute. */
    @Override
    public <T> void startWork(String what, Callable<T> call, Mailbox mailbox, Done<T> done) {
        workers.execute(() -> {
            Thread.currentThread().setName(what);
            run(call, mailbox, done);
            Thread.currentThread().setName(IDLE);
        });
    }

    private static Thread worker(Runnable body) {
        return Thread.ofPlatform().name(IDLE).daemon(true).unstarted(() -> {
            LowPriority.take();
            body.run();
        });
    }

    private static <T> void run(Callable<T> call, Mailbox mailbox, Done<T> done) {
        T result;
        try {
            result = call.call();
        } catch (Throwable error) {
            mailbox.post(() -> done.accept(null, error));
            return;
        }
        mailbox.post(() -> done.accept(result, null));
    }

    @Override
    public Cancellable schedule(long delayMs, Mailbox mailbox, Runnable action) {
        ScheduledFuture<?> future = timer.schedule(() -> mailbox.post(action), delayMs, TimeUnit.MILLISECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public void beside(String what, List<? extends Callable<?>> calls, int atOnce) throws Exception {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Math.min(atOnce, calls.size()); i++) {
            threads.add(Thread.ofVirtual().name(what + "-" + i).start(() -> {
                for (int mine = next.getAndIncrement();
                        mine < calls.size() && failure.get() == null;
                        mine = next.getAndIncrement()) {
                    try {
                        calls.get(mine).call();
                    } catch (Throwable error) {
                        failure.compareAndSet(null, error);
                    }
                }
            }));
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            failure.compareAndSet(null, e);
            threads.forEach(Thread::interrupt);
            throw e;
        }
        rethrow(failure.get());
    }

    private static void rethrow(@Nullable Throwable failure) throws Exception {
        switch (failure) {
            case null -> {}
            case Exception e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
    }

    @Override
    public void pause(long ms) throws InterruptedException {
        Thread.sleep(ms);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        workers.shutdown();
    }
}
