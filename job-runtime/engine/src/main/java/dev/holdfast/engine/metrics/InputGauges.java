package dev.holdfast.engine.metrics;

/** What waits in the channels into a task. Callable from any thread; what they tell may be a moment old. */
public interface InputGauges {
    /** For a task without channels. */
    InputGauges NONE = new InputGauges() {
        @Override
        public double fill() {
            return 0;
        }

        @Override
        public long receivedBytes() {
            return 0;
        }
    };

    /** How full the fullest channel is, 0 to 1. */
    double fill();

    /** Bytes that came from other workers. */
    long receivedBytes();
}
