package dev.holdfast.launcher;

/**
 * Records that the sources have read in this process. A restart of the tasks sets the count of an attempt back, so the sum over
 * attempts is kept here. For one thread.
 */
final class RecordCount {
    private long lastCount;
    private long endedAttempts;
    private long rateRecords;
    private long rateSinceNs;

    RecordCount(long nowNs) {
        rateSinceNs = nowNs;
    }

    /** Takes the count of the sources of the present attempt. */
    void count(long sourceRecords) {
        if (sourceRecords < lastCount) {
            endedAttempts += lastCount;
        }
        lastCount = sourceRecords;
    }

    /** All records of this process so far. */
    long records() {
        return endedAttempts + lastCount;
    }

    /** For a line of progress; the rate is that since the last line. */
    String pairs(long nowNs) {
        long records = records();
        long sinceNs = Math.max(1, nowNs - rateSinceNs);
        long perSecond = Math.round((records - rateRecords) * 1e9 / sinceNs);
        rateRecords = records;
        rateSinceNs = nowNs;
        return " records=" + records + " records_per_s=" + perSecond;
    }
}
