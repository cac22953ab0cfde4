package dev.holdfast.engine.coordinator;

import dev.holdfast.engine.protocol.ToWorker;

/** The coordinator's way to its workers. Called on its thread; nothing here blocks. */
public interface Workers {

    /** A generation has begun: workers may be let in. Called again for each later generation of this coordinator. */
    void begin(Terms terms);

    /** Workers that are let in from now on get other terms, of the same generation. */
    void change(Terms terms);

    /** Sends a message to a worker; one that is gone is passed over. */
    void send(int worker, ToWorker message);

    /**
     * The job has ended for good: workers are no longer needed. Not called where another coordinator goes on with it, or will when this
     * process is started again.
     */
    void end(String text);
}
