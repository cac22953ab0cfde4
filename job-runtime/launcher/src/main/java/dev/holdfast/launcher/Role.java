package dev.holdfast.launcher;

/** What a process does; the commands of {@link Main}. */
enum Role {
    LOCAL("local", "Runs one job in this process."),
    COORDINATOR("coordinator", "Runs the coordinator of one job, whose workers are other processes."),
    WORKER("worker", "Runs a worker: slots for the tasks of one job."),
    CHECKPOINTS("checkpoints", "Lists checkpoints and savepoints of a job, from the bucket alone.");

    private final String command;
    private final String description;

    Role(String command, String description) {
        this.command = command;
        this.description = description;
    }

    String command() {
        return command;
    }

    String description() {
        return description;
    }
}
