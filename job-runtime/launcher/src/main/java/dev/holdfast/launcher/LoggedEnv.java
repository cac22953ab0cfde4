package dev.holdfast.launcher;

import dev.holdfast.engine.env.BlockingCalls;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Loop;
import dev.holdfast.engine.env.Loops;
import dev.holdfast.engine.env.Mailbox;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.MDC;

/**
 * An env whose threads know what they work on, for the log: a slot's loop its slot, a call its checkpoint. The engine names its loops
 * and calls, and knows nothing of logging.
 */
final class LoggedEnv {
    private static final Pattern SLOT = Pattern.compile("\\bslot[ -](\\d+)\\b");
    private static final Pattern CHECKPOINT = Pattern.compile("\\bcheckpoint (\\d+)\\b");

    private LoggedEnv() {}

    /** The same env, with fields for the log. */
    static Env of(Env env) {
        return new Env(
                env.clock(),
                env.randomness(),
                new LoggedLoops(env.loops()),
                new LoggedCalls(env.blocking()),
                env.disk(),
                env.store());
    }

    /** Sets the fields that a name tells, for as long as its thread lives. */
    private static void fields(String name) {
        Matcher slot = SLOT.matcher(name);
        if (slot.find()) {
            MDC.put("slot", slot.group(1));
        }
        Matcher checkpoint = CHECKPOINT.matcher(name);
        if (checkpoint.find()) {
            MDC.put("checkpoint", checkpoint.group(1));
        }
    }

    private record LoggedLoops(Loops loops) implements Loops {
        @Override
        public <L extends Loop> Mailbox start(String name, Function<Mailbox, L> make, Failed failed) {
            boolean[] known = new boolean[1];
            return loops.start(
                    name,
                    mailbox -> {
                        L loop = make.apply(mailbox);
                        Loop logged = nowNs -> {
                            if (!known[0]) {
                                known[0] = true;
                                fields(name);
                            }
                            return loop.step(nowNs);
                        };
                        return logged;
                    },
                    failed);
        }
    }

    private record LoggedCalls(BlockingCalls calls) implements BlockingCalls {
        @Override
        public <T> void start(String what, Callable<T> call, Mailbox mailbox, Done<T> done) {
            calls.start(what, logged(what, call), mailbox, done);
        }

        @Override
        public <T> void startWork(String what, Callable<T> call, Mailbox mailbox, Done<T> done) {
            calls.startWork(what, logged(what, call), mailbox, done);
        }

        @Override
        public Cancellable schedule(long delayMs, Mailbox mailbox, Runnable action) {
            return calls.schedule(delayMs, mailbox, action);
        }

        @Override
        public void pause(long ms) throws InterruptedException {
            calls.pause(ms);
        }

        private static <T> Callable<T> logged(String what, Callable<T> call) {
            return () -> {
                fields(what);
                try {
                    return call.call();
                } finally {
                    MDC.clear();
                }
            };
        }
    }
}
