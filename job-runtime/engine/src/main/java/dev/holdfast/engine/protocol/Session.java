package dev.holdfast.engine.protocol;

import java.util.List;

/**
 * How a worker becomes part of a job, and how both sides know that the other one lives.
 *
 * <ol>
 *   <li>The worker opens a connection to the coordinator's address and sends {@link Hello}.
 *   <li>When its generation has begun, the coordinator answers {@link Welcome}, or refuses and closes.
 *   <li>The worker runs its program as the coordinator does, and answers {@link Ready}: from now on it offers its slots. If its plan
 *       is another one, it says where it differs, and gets no work.
 *   <li>Both send {@link Heartbeat}s. A side that heard nothing for the time-out closes the connection.
 *   <li>A worker that ends on purpose says {@link Goodbye}: its tasks are moved at once. When the job has ended, the coordinator
 *       says {@link Ended}.
 * </ol>
 *
 * A worker that has seen a generation refuses the coordinators of older ones.
 */
public sealed interface Session extends Message {

    /**
     * A worker is there.
     *
     * @param job root of the job in the bucket
     * @param worker name, unique within the job, the same after a restart of its process
     * @param incarnation drawn at random at the start of its process
     * @param slots that it offers
     * @param host where other workers connect to it
     * @param port where other workers connect to it
     * @param generation the newest that it has worked for; 0 for none
     */
    record Hello(String job, String worker, long incarnation, int slots, String host, int port, long generation)
            implements Session {}

    /**
     * The worker is let in.
     *
     * @param generation of the coordinator
     * @param number of the worker in this generation; goes into all its messages
     * @param parallelism of operators that set none
     * @param plan the coordinator's plan, a line for each vertex
     * @param heartbeatMs from one heartbeat to the next, on both sides
     * @param timeoutMs without any message, after which the other side counts as lost
     */
    record Welcome(long generation, int number, int parallelism, List<String> plan, long heartbeatMs, long timeoutMs)
            implements Session {
        public Welcome {
            plan = List.copyOf(plan);
        }
    }

    /**
     * The worker has run its program.
     *
     * @param difference the first between the two plans, in words; empty if they are equal
     */
    record Ready(String difference) implements Session {}

    /** The sender lives. */
    record Heartbeat() implements Session {}

    /** The job has ended for good; no worker is needed any more. */
    record Ended(String text) implements Session {}

    /** The worker is about to end. */
    record Goodbye(String reason) implements Session {}
}
