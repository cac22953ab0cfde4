package dev.holdfast.engine.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.checkpoint.Opaque;
import dev.holdfast.engine.checkpoint.SubtaskManifest;
import dev.holdfast.engine.env.Connection;
import dev.holdfast.engine.protocol.Failure;
import dev.holdfast.engine.protocol.Message;
import dev.holdfast.engine.protocol.Placement;
import dev.holdfast.engine.protocol.Session;
import dev.holdfast.engine.protocol.TaskId;
import dev.holdfast.engine.protocol.TaskNumbers;
import dev.holdfast.engine.protocol.ToCoordinator;
import dev.holdfast.engine.protocol.ToWorker;
import dev.holdfast.engine.protocol.WorkerAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Messages as frames, and what is made of frames that are none. */
class MessageCodecTest {
    private static final List<Message> ONE_OF_EACH = List.of(
            new Session.Hello("ns/job/1/", "worker-0", -5, 2, "10.1.2.3", 6123, 9),
            new Session.Welcome(9, 3, 4, List.of("vertex 0", "vertex 1"), 500, 2000),
            new Session.Ready("vertex 1 differs"),
            new Session.Heartbeat(),
            new Session.Goodbye("SIGTERM"),
            new Session.Ended("FINISHED"),
            new ToCoordinator.Deployed(1, 9_000_000),
            new ToCoordinator.SplitRequested(1, 9_000_000, new TaskId(0, 3)),
            new ToCoordinator.Acknowledged(
                    1,
                    9_000_000,
                    77,
                    new ToCoordinator.WorkerSnapshot(
                            List.of(new ToCoordinator.OperatorPart(
                                    "count",
                                    new SubtaskManifest(0, List.of(), List.of(), Optional.empty(), Optional.empty()))),
                            1234)),
            new ToCoordinator.Leaving(1, 9_000_000),
            new ToCoordinator.Declined(1, 9_000_000, 77, new Failure("HF-STO-010", "full", false, true)),
            new ToCoordinator.Committed(1, 9_000_000, 77),
            new ToCoordinator.Drained(1, 9_000_000, new TaskId(2, 0)),
            new ToCoordinator.Cancelled(1, 9_000_000),
            new ToCoordinator.Report(
                    1,
                    9_000_000,
                    List.of(
                            new TaskNumbers(new TaskId(0, 1), 7, 6, 5, 4, 300, 200, 100),
                            new TaskNumbers(new TaskId(2, 0), Long.MAX_VALUE, 0, 0, 0, 0, 1000, 0))),
            new ToWorker.Deploy(
                    9_000_000,
                    9,
                    2,
                    "abc",
                    Optional.empty(),
                    Optional.empty(),
                    new Placement(
                            List.of(
                                    new Placement.Member(1, "a", Optional.of(new WorkerAddress(7, "h", 1))),
                                    new Placement.Member(2, "b", Optional.of(new WorkerAddress(8, "h", 2)))),
                            List.of(1, 2, 1))),
            new ToWorker.Start(9_000_000),
            new ToWorker.AssignSplits(9_000_000, new TaskId(0, 1), new Opaque(new byte[] {1, 2, 3})),
            new ToWorker.NoMoreSplits(9_000_000, new TaskId(0, 1)),
            new ToWorker.Drain(9_000_000),
            new ToWorker.Trigger(9_000_000, 5),
            new ToWorker.Completed(9_000_000, 5),
            new ToWorker.Aborted(9_000_000, 6),
            new ToWorker.Cancel(9_000_000));

    @Test
    void everyMessageArrivesAsItWasSent() {
        MessageCodec codec = new MessageCodec();
        for (Message message : ONE_OF_EACH) {
            List<byte[]> frames = MessageCodec.encode(message);

            assertThat(frames).hasSize(1);
            assertThat(codec.decode(frames.getFirst())).isEqualTo(new MessageCodec.Read.Whole(message));
        }
    }

    @Test
    void aLargeMessageGoesInPartsAndOthersFollowIt() {
        Message large =
                new ToWorker.AssignSplits(1, new TaskId(0, 0), new Opaque(new byte[3 * Connection.MAX_FRAME_BYTES]));
        MessageCodec codec = new MessageCodec();

        List<byte[]> frames = MessageCodec.encode(large);

        assertThat(frames).hasSize(4).allMatch(frame -> frame.length <= Connection.MAX_FRAME_BYTES);
        for (byte[] frame : frames.subList(0, 3)) {
            assertThat(codec.decode(frame)).isEqualTo(new MessageCodec.Read.More());
        }
        assertThat(codec.decode(frames.getLast())).isEqualTo(new MessageCodec.Read.Whole(large));
        assertThat(codec.decode(MessageCodec.encode(new Session.Heartbeat()).getFirst()))
                .isEqualTo(new MessageCodec.Read.Whole(new Session.Heartbeat()));
    }

    @Test
    void anotherVersionIsRefusedByItsNumber() {
        byte[] frame = MessageCodec.encode(new Session.Heartbeat()).getFirst();
        frame[0] = 9;

        assertThatThrownBy(() -> new MessageCodec().decode(frame))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("speaks version 9")
                .hasMessageContaining("this one version " + MessageCodec.VERSION);
    }

    @Test
    void aRefusalIsReadWhateverTheVersion() {
        byte[] frame = MessageCodec.encodeRefusal("go away: ä");
        frame[0] = 9;

        assertThat(new MessageCodec().decode(frame)).isEqualTo(new MessageCodec.Read.Refusal("go away: ä"));
    }

    @Test
    void damagedFramesAreRefusedAndNothingElseHappens() {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);
        int whole = 0;
        for (int i = 0; i < 300_000; i++) {
            byte[] frame = MessageCodec.encode(ONE_OF_EACH.get(random.nextInt(ONE_OF_EACH.size())))
                    .getFirst();
            switch (random.nextInt(4)) {
                case 0 -> frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
                case 1 -> frame = java.util.Arrays.copyOf(frame, random.nextInt(frame.length));
                case 2 -> frame = java.util.Arrays.copyOf(frame, frame.length + 1 + random.nextInt(50));
                default -> random.nextBytes(frame);
            }
            try {
                if (new MessageCodec().decode(frame) instanceof MessageCodec.Read.Whole) {
                    whole++;
                }
            } catch (IllegalStateException e) {
                assertThat(e.getMessage()).as("seed %s, frame %s", seed, i).isNotBlank();
            } catch (RuntimeException | OutOfMemoryError e) {
                throw new AssertionError("seed " + seed + ", frame " + i + ": " + e, e);
            }
        }
        // A flipped bit in a number is another message; the transport's checksum finds it.
        assertThat(whole).as("seed %s", seed).isLessThan(100_000);
    }
}
