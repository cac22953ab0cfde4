package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.env.Env;

/** Says of a log slot that all its transactions are committed. A hint that saves work: a commit may be repeated. */
public final class CommitMarkers {
    private final Env env;
    private final JobRoot root;

    public CommitMarkers(Env env, JobRoot root) {
        this.env = env;
        this.root = root;
    }

    /** Writes the marker; does nothing if it is there. */
    public void write(long slot, LogWriter writer) throws InterruptedException {
        StoredFormat.Marker marker = new StoredFormat.Marker(slot, writer.generation(), writer.token());
        new CreateOnly(env).put(root.key(JobRoot.committed(slot)), StoredFormat.MARKER.encode(marker));
    }

    public boolean exists(long slot) {
        return env.store().get(root.key(JobRoot.committed(slot))) != null;
    }
}
