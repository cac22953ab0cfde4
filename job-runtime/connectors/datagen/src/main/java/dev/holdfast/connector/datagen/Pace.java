package dev.holdfast.connector.datagen;

/**
 * Says how many records may be made now. The right to make records grows evenly with time; what was not used is kept up to
 * {@value #MAX_BACKLOG_NS} ns, so that a short stop is made up for and a long one does not end in a flood.
 */
final class Pace {
    static final long MAX_BACKLOG_NS = 1_000_000_000;

    private final double perNs;
    private boolean started;
    /** Time up to which everything was made. */
    private long paidNs;
    /** Part of a record that {@link #paidNs}, being whole, does not tell. */
    private double paidPart;

    /** @param perSecond records a second, infinite for no limit */
    Pace(double perSecond) {
        perNs = perSecond / 1e9;
    }

    int allowed(long nowNs, int max) {
        if (perNs == Double.POSITIVE_INFINITY) {
            return max;
        }
        if (!started) {
            started = true;
            paidNs = nowNs;
        }
        if (nowNs - paidNs > MAX_BACKLOG_NS && (nowNs - paidNs) * perNs >= 1 + MAX_BACKLOG_NS * perNs) {
            paidNs = nowNs - MAX_BACKLOG_NS;
            paidPart = 0;
        }
        return (int) Math.min(max, (nowNs - paidNs) * perNs + paidPart);
    }

    void spent(int records) {
        if (perNs == Double.POSITIVE_INFINITY) {
            return;
        }
        paidPart -= records;
        long wholeNs = (long) Math.floor(-paidPart / perNs);
        paidNs += wholeNs;
        paidPart += wholeNs * perNs;
    }
}
