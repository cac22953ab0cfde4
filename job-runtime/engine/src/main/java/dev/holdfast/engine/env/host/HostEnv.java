package dev.holdfast.engine.env.host;

import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.ObjectStore;
import java.nio.file.Path;

/** Puts the production env together. */
public final class HostEnv {
    private HostEnv() {}

    /**
     * The env of one process.
     *
     * @param directory for local files
     * @param store the bucket
     */
    public static Env of(Path directory, ObjectStore store) {
        HostClock clock = new HostClock();
        return new Env(
                clock,
                new HostRandomness(),
                new ThreadLoops(clock),
                new VirtualThreadCalls(),
                new DirectoryDisk(directory),
                store);
    }
}
