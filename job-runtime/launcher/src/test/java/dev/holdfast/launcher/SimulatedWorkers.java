package dev.holdfast.launcher;

import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.checkpoint.KeyedSegments;
import dev.holdfast.engine.checkpoint.Segment;
import dev.holdfast.engine.checkpoint.SubtaskManifest;
import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.Transport;
import dev.holdfast.engine.graph.KeyGroupRange;
import dev.holdfast.engine.graph.KeyGroups;
import dev.holdfast.engine.link.MessageLink;
import dev.holdfast.engine.protocol.Message;
import dev.holdfast.engine.protocol.Session;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.TaskNumbers;
import dev.holdfast.engine.protocol.ToCoordinator;
import dev.holdfast.engine.protocol.ToCoordinator.OperatorPart;
import dev.holdfast.engine.protocol.ToWorker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Workers that run no task, but answer their coordinator over real connections as if they ran all of them: each checkpoint adds a
 * segment to each keyed subtask, and drops its oldest. All on one thread.
 *
 * <p>They know the vertices of {@link TestPrograms.CountingToFiles}: a source, and keyed tasks with a sink.
 */
final class SimulatedWorkers implements AutoCloseable {
    private static final int HEARTBEAT_MS = 500;
    private static final int VERTICES = 2;
    private static final int SEGMENTS_OF_BUCKET = 8;
    private static final int SEGMENT_BYTES = 4_000;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final Transport transport;
    private final Endpoint coordinator;
    private final String job;
    private final int maxParallelism;

    /** @param job root in the bucket */
    SimulatedWorkers(Transport transport, Endpoint coordinator, String job, int maxParallelism) {
        this.transport = transport;
        this.coordinator = coordinator;
        this.job = job;
        this.maxParallelism = maxParallelism;
    }

    /** Starts so many, named by their numbers. */
    void start(int workers, int slots) {
        for (int i = 0; i < workers; i++) {
            One one = new One("worker-" + i, i, slots);
            transport.connect(coordinator, new MessageLink(this::post, one).handler());
        }
    }

    private void post(Runnable work) {
        try {
            thread.execute(work);
        } catch (RejectedExecutionException closed) {
            // What comes after the end is of no interest.
            return;
        }
    }

    @Override
    public void close() throws InterruptedException {
        thread.shutdownNow();
        if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
            throw new AssertionError("the simulated workers do not end");
        }
    }

    private final class One implements MessageLink.Events {
        private final String name;
        private final int index;
        private final int slots;
        private final Map<Integer, List<KeyedSegments>> newest = new HashMap<>();
        private List<Integer> ownSlots = List.of();
        private int parallelism;
        private int number;
        private long generation;
        private long attempt;

        One(String name, int index, int slots) {
            this.name = name;
            this.index = index;
            this.slots = slots;
        }

        @Override
        public void opened(MessageLink link) {
            link.send(new Session.Hello(job, name, index, slots, "127.0.0.1", 1 + index, 0));
            thread.scheduleAtFixedRate(() -> beat(link), HEARTBEAT_MS, HEARTBEAT_MS, TimeUnit.MILLISECONDS);
        }

        private void beat(MessageLink link) {
            link.send(new Session.Heartbeat());
            if (attempt != 0) {
                List<TaskNumbers> tasks = new ArrayList<>();
                for (int slot : ownSlots) {
                    for (int vertex = 0; vertex < VERTICES; vertex++) {
                        tasks.add(new TaskNumbers(
                                new TaskId(vertex, slot), 1_000_000, 1_000_000, 10_000, 10_000, 500, 400, 100));
                    }
                }
                link.send(new ToCoordinator.Report(number, attempt, tasks));
            }
        }

        @Override
        public void received(MessageLink link, Message message) {
            switch (message) {
                case Session.Welcome m -> {
                    number = m.number();
                    generation = m.generation();
                    parallelism = m.parallelism();
                    link.send(new Session.Ready(""));
                }
                case ToWorker.Deploy m -> {
                    attempt = m.attempt();
                    ownSlots = m.placement().slotsOf(number);
                    link.send(new ToCoordinator.Deployed(number, attempt));
                }
                case ToWorker.Trigger m ->
                    link.send(new ToCoordinator.Acknowledged(
                            number, attempt, m.checkpointId(), snapshot(m.checkpointId())));
                case ToWorker.Completed m -> link.send(new ToCoordinator.Committed(number, attempt, m.checkpointId()));
                case ToWorker.Cancel m -> {
                    attempt = 0;
                    link.send(new ToCoordinator.Cancelled(number, m.attempt()));
                }
                default -> {
                    // Heartbeats, and what asks for no answer.
                }
            }
        }

        private ToCoordinator.WorkerSnapshot snapshot(long checkpointId) {
            List<OperatorPart> parts = new ArrayList<>();
            String pack = JobRoot.pack(checkpointId, generation, Integer.toString(number), "0123456789abcdef");
            for (int slot : ownSlots) {
                parts.add(new OperatorPart("numbers", empty(slot)));
                parts.add(new OperatorPart("counts", empty(slot)));
                parts.add(new OperatorPart(
                        "count",
                        new SubtaskManifest(slot, keyed(slot, pack), List.of(), Optional.empty(), Optional.empty())));
            }
            return new ToCoordinator.WorkerSnapshot(parts, (long) SEGMENT_BYTES * ownSlots.size());
        }

        private static SubtaskManifest empty(int subtask) {
            return new SubtaskManifest(subtask, List.of(), List.of(), Optional.empty(), Optional.empty());
        }

        /** The lists of all buckets that the subtask has a part of, with a segment more than the last time. */
        private List<KeyedSegments> keyed(int subtask, String pack) {
            List<KeyedSegments> last = newest.getOrDefault(subtask, List.of());
            List<KeyedSegments> now = new ArrayList<>();
            KeyGroupRange owned = KeyGroups.range(subtask, parallelism, maxParallelism);
            int first = KeyGroups.bucket(owned.from(), maxParallelism);
            for (int bucket = first; bucket <= KeyGroups.bucket(owned.to(), maxParallelism); bucket++) {
                KeyGroupRange whole = KeyGroups.bucketRange(bucket, maxParallelism);
                KeyGroupRange part =
                        new KeyGroupRange(Math.max(owned.from(), whole.from()), Math.min(owned.to(), whole.to()));
                List<Segment> segments = new ArrayList<>();
                if (!last.isEmpty()) {
                    segments.addAll(last.get(bucket - first).segments());
                }
                if (segments.size() == SEGMENTS_OF_BUCKET) {
                    segments.removeFirst();
                }
                segments.add(new Segment(
                        pack,
                        (2L * subtask + bucket) * SEGMENT_BYTES,
                        SEGMENT_BYTES,
                        Segment.Format.ENTRIES,
                        part,
                        40,
                        subtask));
                now.add(new KeyedSegments(bucket, part, segments));
            }
            newest.put(subtask, now);
            return now;
        }

        @Override
        public void closed(MessageLink link, String reason) {
            System.out.println(name + " lost its coordinator: " + reason);
            attempt = 0;
        }
    }
}
