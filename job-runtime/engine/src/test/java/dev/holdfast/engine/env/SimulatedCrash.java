package dev.holdfast.engine.env;

/** The process of this test is dead from here on. An Error, so that no handler of operating failures takes it for one. */
public final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1L;

    public SimulatedCrash(String message) {
        super(message);
    }
}
