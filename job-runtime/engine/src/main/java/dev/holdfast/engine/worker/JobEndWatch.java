package dev.holdfast.engine.worker;

import dev.holdfast.engine.checkpoint.JobLog;
import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.checkpoint.LogRecord;
import dev.holdfast.engine.checkpoint.LogView;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.Mailbox;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds out that the job has ended without this worker, which would look for a coordinator for ever: a coordinator tells only the
 * workers that it has at its end.
 *
 * <ol>
 *   <li>A worker that has worked for a generation, and is apart from any coordinator for {@link #AFTER_NS}, reads the log, and again
 *       after {@link #EVERY_NS}.
 *   <li>If the newest record is an End of its generation or of a later one, the job is over.
 * </ol>
 *
 * A worker that has not worked yet waits: it may have been started before the coordinator that begins an ended job again. On the
 * worker's thread.
 */
final class JobEndWatch {
    private static final System.Logger LOG = System.getLogger(JobEndWatch.class.getName());

    /** Coordinators are back sooner as a rule. */
    static final long AFTER_NS = 5_000_000_000L;

    static final long EVERY_NS = 10_000_000_000L;

    private final Env env;
    private final JobRoot root;
    private final Mailbox mailbox;
    private final Consumer<String> ended;
    private long nextNs = Long.MAX_VALUE;
    private boolean looking;
    private long newest;

    /** @param ended gets the text of the End */
    JobEndWatch(Env env, JobRoot root, Mailbox mailbox, Consumer<String> ended) {
        this.env = env;
        this.root = root;
        this.mailbox = mailbox;
        this.ended = ended;
    }

    /** Called in every turn, with the generation that the worker has worked for last, 0 if there is none. */
    void step(long nowNs, WorkerStatus.Phase phase, long generation) {
        newest = generation;
        if (phase != WorkerStatus.Phase.LOOKING || generation == 0) {
            nextNs = Long.MAX_VALUE;
        } else if (nextNs == Long.MAX_VALUE) {
            nextNs = nowNs + AFTER_NS;
        } else if (nowNs >= nextNs && !looking) {
            nextNs = nowNs + EVERY_NS;
            look(generation);
        }
    }

    private void look(long generation) {
        looking = true;
        env.blocking().start("look for the job's end", () -> end(generation), mailbox, (end, error) -> {
            looking = false;
            if (error != null) {
                LOG.log(System.Logger.Level.WARNING, "the job's log could not be read: " + error);
            } else if (end != null && end.isPresent() && nextNs != Long.MAX_VALUE && newest == generation) {
                ended.accept(end.get());
            }
        });
    }

    private Optional<String> end(long generation) {
        LogView view = new JobLog(env, root).read();
        return view.generation() < generation ? Optional.empty() : view.ended().map(JobEndWatch::describe);
    }

    private static String describe(LogRecord.End end) {
        return end.reason() + (end.text().isEmpty() ? "" : ": " + end.text());
    }
}
