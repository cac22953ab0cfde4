package dev.holdfast.engine.task;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.OperatorContext;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.connector.Background;
import dev.holdfast.api.connector.ReaderContext;
import dev.holdfast.api.connector.SinkContext;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Mailbox;
import dev.holdfast.engine.operator.OperatorFailure;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What one operator in one task may know and use. */
final class TaskContext implements OperatorContext, ReaderContext, SinkContext {
    private final JobIdentity job;
    private final String operator;
    private final int index;
    private final int parallelism;
    private final long attempt;
    private final TaskMetrics metrics;
    private final Env env;
    private final Mailbox mailbox;
    private final Runnable requestSplit;
    private final Consumer<Throwable> failed;
    private int calls;

    TaskContext(
            JobIdentity job,
            String operator,
            int index,
            int parallelism,
            long attempt,
            TaskMetrics metrics,
            Env env,
            Mailbox mailbox,
            Runnable requestSplit,
            Consumer<Throwable> failed) {
        this.job = job;
        this.operator = operator;
        this.index = index;
        this.parallelism = parallelism;
        this.attempt = attempt;
        this.metrics = metrics;
        this.env = env;
        this.mailbox = mailbox;
        this.requestSplit = requestSplit;
        this.failed = failed;
    }

    @Override
    public String jobName() {
        return job.name();
    }

    @Override
    public String jobId() {
        return job.id();
    }

    @Override
    public long attempt() {
        return attempt;
    }

    @Override
    public String operatorName() {
        return operator;
    }

    @Override
    public int parallelism() {
        return parallelism;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public Parameters parameters() {
        return job.parameters();
    }

    @Override
    public TaskMetrics metrics() {
        return metrics;
    }

    @Override
    public void requestSplit() {
        requestSplit.run();
    }

    @Override
    public long nowNs() {
        return env.clock().nowNs();
    }

    @Override
    public Background background() {
        return this::run;
    }

    private <R> void run(String what, Callable<R> call, Background.Done<? super R> done) {
        if (calls >= Background.MAX_CALLS) {
            throw new HoldfastException(
                    "HF-RUN-005",
                    "operator '" + operator + "' has " + calls + " background calls under way and wants to " + what
                            + ". Wait for some to end first.");
        }
        calls++;
        env.blocking().<R>start(operator + ": " + what, call, mailbox, (result, error) -> {
            calls--;
            if (error != null) {
                failed.accept(new HoldfastException(
                        "HF-RUN-006", "operator '" + operator + "' failed to " + what + ": " + error, error));
                return;
            }
            accept(what, result, done);
        });
    }

    @SuppressWarnings("NullAway") // a call that returns null hands null to its own callback
    private <R> void accept(String what, @Nullable R result, Background.Done<? super R> done) {
        try {
            done.accept(result);
        } catch (Exception | Error e) {
            failed.accept(
                    OperatorFailure.isNamed(e)
                            ? e
                            : new HoldfastException(
                                    "HF-RUN-006", "operator '" + operator + "' threw after '" + what + "': " + e, e));
        }
    }
}
