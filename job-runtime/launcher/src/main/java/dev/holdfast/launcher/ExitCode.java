package dev.holdfast.launcher;

import dev.holdfast.engine.coordinator.JobStatus.Phase;

/** What the end of a process means to those who started it. A process that a signal ended has 128 and the signal's number. */
enum ExitCode {
    DONE(0, "the job has finished, or stopped with a savepoint"),
    FAILED(1, "the job has failed; the error is on standard error"),
    REFUSED(2, "nothing was started: an option, a setting or the program cannot be used"),
    FENCED(3, "another process has taken over this job, and goes on with it"),
    INTERRUPTED(4, "this process cannot go on with the job: start it again, it goes on from its last checkpoint"),
    LATE(5, "what was asked for is still under way: its end did not come within the time-out");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    int number() {
        return number;
    }

    String meaning() {
        return meaning;
    }

    /** The code for a job that has reached a final phase. */
    static ExitCode of(Phase phase) {
        return switch (phase) {
            case FINISHED, CANCELED, SUSPENDED -> DONE;
            case FENCED -> FENCED;
            case INTERRUPTED -> INTERRUPTED;
            case FAILED, STARTING, WAITING, DEPLOYING, RUNNING, RESTARTING, STOPPING -> FAILED;
        };
    }
}
