package dev.holdfast.storage.directory;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A barrier between processes: a mapped file with the round that each of them has reached. {@link #meet} returns when all
 * have reached the round, and fails if they have not in time, so that a racer that died is an error and not a hang.
 */
final class Rendezvous {
    /** Far more than three JVMs need to start on a machine that is busy with other builds. */
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(90);
    /** Some microseconds: who comes last finds the others awake, if the machine has cores for them. */
    private static final int SPINS = 200;
    /** Then a core belongs to who has not come yet. */
    private static final int YIELDS = 20;

    private static final long PARK_NS = 50_000;
    private static final VarHandle ROUND = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private final ByteBuffer rounds;
    private final int processes;
    private final int number;

    private Rendezvous(ByteBuffer rounds, int processes, int number) {
        this.rounds = rounds;
        this.processes = processes;
        this.number = number;
    }

    static void create(Path file, int processes) throws IOException {
        Files.write(file, new byte[processes * Integer.BYTES]);
    }

    static Rendezvous open(Path file, int processes, int number) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new Rendezvous(
                    channel.map(MapMode.READ_WRITE, 0, (long) processes * Integer.BYTES), processes, number);
        }
    }

    void meet(int round) {
        ROUND.setVolatile(rounds, number * Integer.BYTES, round);
        long startNs = System.nanoTime();
        for (int tries = 0; !allHaveReached(round); tries++) {
            if (tries < SPINS) {
                Thread.onSpinWait();
            } else if (tries < SPINS + YIELDS) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(PARK_NS);
            }
            if (System.nanoTime() - startNs > LIMIT_NS) {
                throw new IllegalStateException("process " + number + " waited in vain for round " + round
                        + "; the processes have reached " + Arrays.toString(reached()));
            }
        }
    }

    private boolean allHaveReached(int round) {
        return Arrays.stream(reached()).allMatch(reached -> reached >= round);
    }

    private int[] reached() {
        int[] reached = new int[processes];
        for (int i = 0; i < processes; i++) {
            reached[i] = (int) ROUND.getVolatile(rounds, i * Integer.BYTES);
        }
        return reached;
    }
}
