package dev.holdfast.api.connector;

/** What an enumerator may use. */
public interface EnumeratorContext<S> {

    /** Number of readers. */
    int parallelism();

    /** Gives a split to a reader; it is the reader's from this moment on. */
    void assign(int reader, S split);

    /** Tells a reader that it will get no further split: it ends when it has read what it has. */
    void noMoreSplits(int reader);

    /** For listings and look-ups. */
    Background background();

    /** Calls {@code action} on the coordinator's thread after a delay, for discovery at intervals. */
    void schedule(long delayMs, Background.Done<Void> action);
}
