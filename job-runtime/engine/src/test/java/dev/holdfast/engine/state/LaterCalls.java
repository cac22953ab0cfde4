package dev.holdfast.engine.state;

import dev.holdfast.engine.env.BlockingCalls;
import dev.holdfast.engine.env.Mailbox;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Blocking calls and a mailbox of one process: a call runs when the schedule says so, in any order. */
final class LaterCalls implements BlockingCalls, Mailbox {
    private final List<Runnable> calls = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final ArrayDeque<Runnable> mail = new ArrayDeque<>();
    private int running;

    @Override
    public <T> void start(String what, Callable<T> call, Mailbox mailbox, Done<T> done) {
        names.add(what);
        calls.add(() -> {
            T result;
            running++;
            try {
                result = call.call();
            } catch (Faults.Crash crash) {
                throw crash;
            } catch (Throwable error) {
                mailbox.post(() -> done.accept(null, error));
                return;
            } finally {
                running--;
            }
            mailbox.post(() -> done.accept(result, null));
        });
    }

    @Override
    public Cancellable schedule(long delayMs, Mailbox mailbox, Runnable action) {
        throw new UnsupportedOperationException("the state schedules nothing");
    }

    @Override
    public void pause(long ms) {
        throw new UnsupportedOperationException("the state does not pause");
    }

    @Override
    public void post(Runnable work) {
        mail.add(work);
    }

    /** Whether a call is being run: the schedule acts within one of its steps. */
    boolean isRunning() {
        return running > 0;
    }

    int waiting() {
        return calls.size();
    }

    /** Runs a waiting call to its end. */
    void run(int index) {
        names.remove(index);
        calls.remove(index).run();
    }

    /** Reads the mail. */
    void drain() {
        for (Runnable work; (work = mail.poll()) != null; ) {
            work.run();
        }
    }

    List<String> names() {
        return names;
    }

    boolean isIdle() {
        return calls.isEmpty() && mail.isEmpty();
    }
}
