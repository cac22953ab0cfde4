package dev.holdfast.simulation.fault;

import dev.holdfast.engine.env.simulated.SimulatedNetwork.Direction;

/**
 * Something that goes wrong, or that a person or a cluster does to a running job. A value: it names its victim by a number, so that it
 * means something in any world, and it says when it ends.
 *
 * <p>A worker's number counts, modulo, among those that live; {@link #COORDINATOR} stands for the coordinator, {@link #EVERYBODY} for
 * all, {@link #HERE} for the one at a crash point.
 */
public sealed interface Fault {
    int COORDINATOR = -1;
    int EVERYBODY = -2;

    /** The process in which the crash point was reached; by chance where there is none. */
    int HERE = -3;

    /** How long it lasts, in virtual milliseconds, until the last of it is over. */
    default long lastsMs() {
        return 0;
    }

    /** What a new process finds on the disk of the one before it. */
    enum Disk {
        KEPT,
        /** The machine crashed: files that were not forced to disk are gone, cut off or full of zeros. */
        CRASHED,
        NEW
    }

    /** SIGKILL. The pod is started again no earlier than after {@code downMs}. */
    record Kill(int who, long downMs, Disk disk) implements Fault {
        @Override
        public long lastsMs() {
            return downMs;
        }
    }

    /** All pods die, and the job is started again with another parallelism. */
    record KillAndRescale(int parallelism, long downMs) implements Fault {
        @Override
        public long lastsMs() {
            return downMs;
        }
    }

    /** SIGSTOP and SIGCONT. A coordinator may get a successor meanwhile, as when its node is not heard of. */
    record Freeze(int who, long forMs, boolean successor) implements Fault {
        @Override
        public long lastsMs() {
            return forMs;
        }
    }

    /** A heap that is almost full: pauses of the collector, then the end by an out-of-memory error. */
    record OutOfMemory(int who, int pauses, long pauseMs, long downMs) implements Fault {
        @Override
        public long lastsMs() {
            return 2L * pauses * pauseMs + downMs;
        }
    }

    /** SIGTERM with a grace period, then the pod is started again. */
    record Leave(int who, long patienceMs, long downMs) implements Fault {
        @Override
        public long lastsMs() {
            return patienceMs + downMs;
        }
    }

    /** A pod is started while the one of its name still runs; the older one is killed after a while. */
    record Twice(int who, long forMs) implements Fault {
        @Override
        public long lastsMs() {
            return forMs;
        }
    }

    /** All connections between two break. */
    record Cut(int who, int other) implements Fault {}

    record Partition(int who, int other, Direction direction, long forMs) implements Fault {
        @Override
        public long lastsMs() {
            return forMs;
        }
    }

    record SlowLink(int who, int other, long bytesPerSecond, long forMs) implements Fault {
        @Override
        public long lastsMs() {
            return forMs;
        }
    }

    record LongLink(int who, int other, long latencyMs, long forMs) implements Fault {
        @Override
        public long lastsMs() {
            return forMs;
        }
    }

    /** What becomes of an operation on the bucket, or on the system behind a sink. */
    enum Outcome {
        /** Refused before it was done: 503, slow down. */
        REFUSED,
        /** Done, and the answer is lost. */
        ANSWER_LOST,
        /** Not done, and nobody can tell. */
        REQUEST_LOST,
        /** Nobody can tell, and it is done later, also if its process is dead by then. */
        LATE
    }

    /** Operations of somebody on the bucket fail, some in a thousand. */
    record StoreErrors(int who, int perThousand, Outcome outcome, long forMs) implements Fault {
        @Override
        public long lastsMs() {
            return forMs;
        }
    }

    /** The bucket does not answer somebody: a partition from it. Some of what is asked is done all the same. */
    record StoreAway(int who, long forMs) implements Fault {
        @Override
        public long lastsMs() {
            return forMs;
        }
    }

    /** The bucket takes longer: throttling. */
    record StoreSlow(int who, long latencyMs, long forMs) implements Fault {
        @Override
        public long lastsMs() {
            return forMs;
        }
    }

    /** Operations on the system behind the sinks fail, some in a thousand. */
    record SinkErrors(int perThousand, Outcome outcome, long forMs) implements Fault {
        @Override
        public long lastsMs() {
            return forMs;
        }
    }

    /** The system behind the sinks answers nothing: calls hang, longer than their time-outs. */
    record SinkHang(long forMs) implements Fault {
        @Override
        public long lastsMs() {
            return forMs;
        }
    }

    record DiskFull(int who, long forMs) implements Fault {
        @Override
        public long lastsMs() {
            return forMs;
        }
    }

    /** One bit of one local file turns. */
    record DiskRot(int who) implements Fault {}

    /** A clock that goes wrong from now on, and a wall clock that is set. */
    record Clock(int who, int ppm, long wallJumpMs) implements Fault {}

    /** The next record makes user code throw. */
    record UserError() implements Fault {}

    /** An order to run with another parallelism. */
    record Rescale(int parallelism) implements Fault {}

    /** Stop with a savepoint, then a start from it with new pods and perhaps another parallelism. */
    record Upgrade(int parallelism) implements Fault {}

    /** Stop with a savepoint, nothing for a while, then a start from the newest state. */
    record Suspend(long forMs) implements Fault {
        @Override
        public long lastsMs() {
            return forMs;
        }
    }

    /** Cancel, then a start from the newest state. */
    record Cancel(long forMs) implements Fault {
        @Override
        public long lastsMs() {
            return forMs;
        }
    }

    /** A savepoint while the job runs. */
    record Snapshot() implements Fault {}
}
