package dev.holdfast.engine.exchange;

/** How many channels of a task hold elements that were refused. Shared by all outputs of the task; one thread. */
public final class Backlog {
    private int blockedChannels;

    /** While true the task takes no further record. */
    public boolean isBlocked() {
        return blockedChannels > 0;
    }

    void begin() {
        blockedChannels++;
    }

    void end() {
        blockedChannels--;
    }
}
