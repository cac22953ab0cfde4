package dev.holdfast.engine.env;

/** Where other threads leave work for the thread that owns a loop. The loop runs it between its own steps, in order. */
@FunctionalInterface
public interface Mailbox {

    /** Leaves work. Never blocks. Work left after the loop ended is dropped. Callable from any thread. */
    void post(Runnable work);
}
