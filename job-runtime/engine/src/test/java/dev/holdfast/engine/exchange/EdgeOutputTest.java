package dev.holdfast.engine.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.KeySelector;
import dev.holdfast.api.type.Type;
import dev.holdfast.engine.graph.KeyGroups;
import dev.holdfast.engine.type.KeyCodec;
import dev.holdfast.engine.type.TypeSerializers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EdgeOutputTest {
    private final Backlog backlog = new Backlog();

    /** A channel that takes what its room allows. */
    private static final class Channel implements ChannelWriter {
        private final List<Element> taken = new ArrayList<>();
        private int room = Integer.MAX_VALUE;

        @Override
        public boolean offer(Element element) {
            if (room == 0) {
                return false;
            }
            room--;
            return taken.add(element);
        }

        List<Object> values() {
            List<Object> values = new ArrayList<>();
            for (Element element : taken) {
                if (element instanceof Batch batch) {
                    for (int i = 0; i < batch.size(); i++) {
                        values.add(batch.value(i));
                    }
                }
            }
            return values;
        }
    }

    private final List<Channel> channels = List.of(new Channel(), new Channel(), new Channel());

    @Test
    void spreadGivesEachChannelAboutTheSame() {
        EdgeOutput output = EdgeOutput.spread(channels, backlog);
        int records = 30 * Batch.CAPACITY + 7;
        for (long n = 0; n < records; n++) {
            output.emit(n);
        }
        output.flush();

        List<Object> all = new ArrayList<>();
        for (Channel channel : channels) {
            assertThat(channel.values().size()).isBetween(10 * Batch.CAPACITY, 11 * Batch.CAPACITY);
            all.addAll(channel.values());
        }
        assertThat(all.stream().sorted().toList())
                .isEqualTo(LongStream.range(0, records).<Object>mapToObj(n -> n).toList());
    }

    @Test
    void broadcastGivesAllToEachInOrder() {
        EdgeOutput output = EdgeOutput.broadcast(channels, backlog);
        for (long n = 0; n < 2_000; n++) {
            output.emit(n);
        }
        output.control(new Element.Barrier(1));

        for (Channel channel : channels) {
            assertThat(channel.values())
                    .isEqualTo(
                            LongStream.range(0, 2_000).<Object>mapToObj(n -> n).toList());
            assertThat(channel.taken.getLast()).isEqualTo(new Element.Barrier(1));
        }
    }

    @Test
    void keyedGivesEachRecordToTheOwnerOfItsKeyAndKeepsTheOrderOfAKey() {
        EdgeOutput output = keyed(n -> n % 50);
        for (long n = 0; n < 20_000; n++) {
            output.emit(n);
        }
        output.flush();

        KeyCodec<Long> codec = codec();
        int sum = 0;
        for (int task = 0; task < channels.size(); task++) {
            long[] last = LongStream.generate(() -> -1).limit(50).toArray();
            for (Object value : channels.get(task).values()) {
                long number = (Long) value;
                int key = (int) (number % 50);
                assertThat(KeyGroups.task(KeyGroups.keyGroup(codec.hash((long) key), 128), 3, 128))
                        .isEqualTo(task);
                assertThat(number).isGreaterThan(last[key]);
                last[key] = number;
                sum++;
            }
        }
        assertThat(sum).isEqualTo(20_000);
    }

    @Test
    void aKeyedBatchCarriesKeysAndHashes() {
        EdgeOutput output = keyed(n -> n);
        output.emit(5L);
        output.flush();

        Batch batch = channels.stream()
                .flatMap(channel -> channel.taken.stream())
                .map(Batch.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(batch.size()).isEqualTo(1);
        assertThat(batch.keys()[0]).isEqualTo(5L);
        assertThat(batch.hashes()[0]).isEqualTo(codec().hash(5L));
    }

    @Test
    void nothingIsHandedOverBeforeABatchIsFullOrFlushed() {
        EdgeOutput output = EdgeOutput.spread(channels.subList(0, 1), backlog);
        for (long n = 0; n < Batch.CAPACITY - 1; n++) {
            output.emit(n);
        }
        assertThat(channels.getFirst().taken).isEmpty();
        output.emit(0L);
        assertThat(channels.getFirst().taken).hasSize(1);
        output.emit(1L);
        output.flush();
        output.flush();
        assertThat(channels.getFirst().taken).hasSize(2);
    }

    @Test
    void aControlElementComesBehindAllRecordsInEveryChannel() {
        EdgeOutput output = keyed(n -> n);
        for (long n = 0; n < 100; n++) {
            output.emit(n);
        }
        output.control(new Element.Barrier(7));

        assertThat(channels).allSatisfy(channel -> {
            assertThat(channel.taken).hasSize(2);
            assertThat(channel.taken.getLast()).isEqualTo(new Element.Barrier(7));
        });
    }

    @Test
    void whatAChannelRefusesWaitsAndBlocksTheTaskUntilItIsTaken() {
        EdgeOutput output = EdgeOutput.spread(channels.subList(0, 1), backlog);
        Channel channel = channels.getFirst();
        channel.room = 1;
        output.control(new Element.Barrier(1));
        assertThat(backlog.isBlocked()).isFalse();
        output.control(new Element.Barrier(2));
        output.control(new Element.Barrier(3));
        assertThat(backlog.isBlocked()).isTrue();

        channel.room = 1;
        output.drain(0);
        assertThat(backlog.isBlocked()).isTrue();
        channel.room = 1;
        output.drain(0);

        assertThat(backlog.isBlocked()).isFalse();
        assertThat(channel.taken)
                .isEqualTo(List.of(new Element.Barrier(1), new Element.Barrier(2), new Element.Barrier(3)));
    }

    @Test
    void aRecordThatMakesEndlesslyManyOthersIsAnError() {
        EdgeOutput output = EdgeOutput.spread(channels.subList(0, 1), backlog);
        channels.getFirst().room = 0;

        assertThatThrownBy(() -> {
                    for (long n = 0; n < 10_000_000; n++) {
                        output.emit(n);
                    }
                })
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("HF-RUN-003: one record made more than 2097152 others");
    }

    @Test
    void aBatchWithoutKeysHasNone() {
        Batch batch = Batch.plain();
        assertThatThrownBy(batch::keys).hasMessageContaining("without keys");
        assertThatThrownBy(batch::hashes).hasMessageContaining("without keys");
        assertThatThrownBy(() -> batch.add(1L, 1L, 1)).hasMessageContaining("without keys");
    }

    private EdgeOutput keyed(KeySelector<Long, Long> key) {
        return EdgeOutput.keyed(channels, backlog, value -> key.key((Long) value), codec(), 128, "reader");
    }

    private static KeyCodec<Long> codec() {
        return new KeyCodec<>(TypeSerializers.ofKey(Type.of(Long.class)));
    }
}
