package dev.holdfast.engine.task;

import dev.holdfast.engine.env.Clock;

/** Where the time of a slot's deployment goes, for the log. For one thread. */
final class DeploymentTimes {
    private static final System.Logger LOG = System.getLogger(DeploymentTimes.class.getName());

    private final Clock clock;
    private final long startNs;
    private long openedNs;
    private long fetchNs;
    private long fetchedBytes;
    private long loadNs;

    DeploymentTimes(Clock clock) {
        this.clock = clock;
        this.startNs = clock.nowNs();
    }

    /** The slot's store is open. */
    void opened() {
        openedNs = clock.nowNs() - startNs;
    }

    /**
     * The state of an operator is there.
     *
     * @param wholeNs for all of it
     * @param fetchingNs of this for what was not on this machine
     */
    void restored(long wholeNs, long fetchingNs, long bytes) {
        fetchNs += fetchingNs;
        loadNs += wholeNs - fetchingNs;
        fetchedBytes += bytes;
    }

    void log(int slot, long attempt) {
        LOG.log(
                System.Logger.Level.DEBUG,
                () -> "slot " + slot + " of attempt " + attempt + " is deployed: opened=" + openedNs / 1_000
                        + " us fetched=" + fetchNs / 1_000 + " us " + fetchedBytes + " bytes loaded=" + loadNs / 1_000
                        + " us all=" + (clock.nowNs() - startNs) / 1_000 + " us");
    }
}
