package dev.holdfast.engine.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.env.simulated.SimulatedRandomness;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputGateTest {

    /** One channel's content: what is there now, and what will come. */
    private static final class Script implements ChannelReader {
        private final ArrayDeque<Element> now = new ArrayDeque<>();
        private final ArrayDeque<Element> later = new ArrayDeque<>();

        @Override
        public Element poll() {
            return now.poll();
        }
    }

    @Test
    void alignsRandomChannelsAsAModelDoes() {
        Long single = Long.getLong("holdfast.seed");
        long first = single != null ? single : 1;
        for (long seed = first; seed < first + (single != null ? 1 : 3_000); seed++) {
            align(seed);
        }
    }

    /** Every record of a channel says how many barriers lie before it there. */
    private static void align(long seed) {
        String what = "-Dholdfast.seed=" + seed;
        SimulatedRandomness random = new SimulatedRandomness(seed);
        int count = 1 + random.nextInt(5);
        int barriers = random.nextInt(5);
        List<Script> scripts = new ArrayList<>();
        List<InputGate.Channel> channels = new ArrayList<>();
        int[] lastBarrier = new int[count];
        int batches = 0;
        for (int c = 0; c < count; c++) {
            Script script = new Script();
            // A channel may come to its end before the last barrier.
            lastBarrier[c] = random.nextInt(3) == 0 ? random.nextInt(barriers + 1) : barriers;
            for (int epoch = 0; epoch <= lastBarrier[c]; epoch++) {
                for (int n = random.nextInt(3); n > 0; n--) {
                    Batch batch = Batch.plain();
                    batch.add(new int[] {c, epoch});
                    script.later.add(batch);
                    batches++;
                }
                script.later.add(epoch < lastBarrier[c] ? new Element.Barrier(epoch + 1) : new Element.EndOfInput());
            }
            scripts.add(script);
            channels.add(new InputGate.Channel(script, c % 2));
        }
        InputGate gate = new InputGate(channels);
        int released = 0;
        int read = 0;
        for (int turn = 0; turn < 10_000 && !gate.isEnded(); turn++) {
            Script some = scripts.get(random.nextInt(count));
            if (!some.later.isEmpty()) {
                some.now.add(some.later.remove());
            }
            Batch batch = gate.poll();
            if (batch != null) {
                read++;
                int[] record = (int[]) batch.value(0);
                assertThat(record[1])
                        .as("%s: nothing behind a barrier before its release", what)
                        .isEqualTo(released);
                assertThat(gate.lastInput()).as(what).isEqualTo(record[0] % 2);
            } else if (gate.isAligned()) {
                assertThat(gate.aligned()).as(what).isEqualTo(released + 1);
                for (int c = 0; c < count; c++) {
                    boolean hasRecordsBefore = false;
                    int epoch = released;
                    for (Element element : scripts.get(c).now) {
                        hasRecordsBefore |= element instanceof Batch b && ((int[]) b.value(0))[1] <= epoch;
                    }
                    for (Element element : scripts.get(c).later) {
                        hasRecordsBefore |= element instanceof Batch b && ((int[]) b.value(0))[1] <= epoch;
                    }
                    assertThat(hasRecordsBefore)
                            .as("%s: all before the barrier was read", what)
                            .isFalse();
                }
                released++;
                gate.release();
            }
        }
        assertThat(gate.isEnded()).as(what).isTrue();
        assertThat(read).as(what).isEqualTo(batches);
        int most = 0;
        for (int last : lastBarrier) {
            most = Math.max(most, last);
        }
        assertThat(released).as(what).isEqualTo(most);
    }

    @Test
    void barriersOutOfOrderAreABrokenInvariant() {
        Script one = new Script();
        Script two = new Script();
        one.now.add(new Element.Barrier(1));
        two.now.add(new Element.Barrier(2));
        InputGate gate = new InputGate(List.of(new InputGate.Channel(one, 0), new InputGate.Channel(two, 0)));

        assertThatThrownBy(gate::poll)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("barrier 2 came while 1 was being aligned");
    }

    @Test
    void aProbeStopsThePollAndLeavesTheAlignmentAsItIs() {
        Script one = new Script();
        Script two = new Script();
        Batch batch = Batch.plain();
        one.now.add(new Element.Barrier(1));
        one.now.add(new Element.Probe(6));
        two.now.add(new Element.Probe(5));
        two.now.add(batch);
        two.now.add(new Element.Barrier(1));
        InputGate gate = new InputGate(List.of(new InputGate.Channel(one, 0), new InputGate.Channel(two, 0)));

        assertThat(gate.poll()).isNull();
        assertThat(gate.takeProbe()).isEqualTo(new Element.Probe(5));
        assertThat(gate.takeProbe()).isNull();
        assertThat(gate.isAligning()).isTrue();
        assertThat(gate.poll()).isSameAs(batch);
        assertThat(gate.poll()).isNull();
        assertThat(gate.takeProbe()).as("it is behind the barrier").isNull();
        assertThat(gate.aligned()).isEqualTo(1);
        gate.release();
        assertThat(gate.poll()).isNull();
        assertThat(gate.takeProbe()).isEqualTo(new Element.Probe(6));
        assertThat(gate.isAligning()).isFalse();
    }

    @Test
    void askingForTheAlignedCheckpointTooEarlyIsAnError() {
        Script one = new Script();
        InputGate gate = new InputGate(List.of(new InputGate.Channel(one, 0)));

        assertThatThrownBy(gate::aligned).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(gate::release).isInstanceOf(IllegalStateException.class);
        one.now.add(new Element.Barrier(1));
        assertThat(gate.poll()).isNull();
        assertThat(gate.aligned()).isEqualTo(1);
        assertThat(gate.isAligning()).isFalse();
    }
}
