package dev.holdfast.engine.env;

import java.util.function.Function;

/** Gives loops a thread: a platform thread each in production, turns on the one thread of the world in the simulation. */
public interface Loops {

    /**
     * Starts a loop.
     *
     * @param name of the thread
     * @param loop makes the loop, given the mailbox that it owns; called at once, by the caller's thread
     * @param failed called on the loop's thread if a step or a piece of mail throws; the loop has ended then
     * @return the loop's mailbox
     */
    <L extends Loop> Mailbox start(String name, Function<Mailbox, L> loop, Failed failed);

    /** Takes the error that ended a loop. */
    @FunctionalInterface
    interface Failed {
        void failed(Throwable error);
    }
}
