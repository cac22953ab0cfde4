package dev.holdfast.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.env.BlockingCalls;
import dev.holdfast.engine.env.Content;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.FaultPlan;
import dev.holdfast.engine.env.FaultPlan.Fault;
import dev.holdfast.engine.env.FaultyObjectStore;
import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.StoreException;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import dev.holdfast.engine.env.simulated.SimulatedWorld;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StoreProbeTest {
    private final MemoryObjectStore memory = new MemoryObjectStore("the bucket");
    private final SimulatedWorld world = new SimulatedWorld(7);

    @Test
    void acceptsAStoreThatDecidesAndLeavesNothingBehind() {
        assertThat(probe(memory)).isNull();
        assertThat(memory.list("", null, 10)).isEmpty();
    }

    @Test
    void refusesAStoreThatIgnoresTheCondition() {
        StoreException refusal = probe(new Altered() {
            @Override
            public boolean putIfAbsent(String key, Content content) {
                memory.put(key, content);
                return true;
            }
        });

        assertRefused(refusal, "the bucket created an object that was there already");
    }

    @Test
    void refusesAStoreThatSaysNoAndWritesAllTheSame() {
        StoreException refusal = probe(new Altered() {
            @Override
            public boolean putIfAbsent(String key, Content content) {
                boolean absent = memory.get(key) == null;
                memory.put(key, content);
                return absent;
            }
        });

        assertRefused(refusal, "but changed it");
    }

    @Test
    void refusesAStoreThatLooksBeforeItWrites() {
        StoreException refusal = probe(new Altered() {
            @Override
            public boolean putIfAbsent(String key, Content content) {
                boolean absent = memory.get(key) == null;
                pause(20);
                if (absent) {
                    memory.put(key, content);
                }
                return absent;
            }
        });

        assertRefused(refusal, "writers create one object at the same time");
    }

    @Test
    void refusesAStoreThatKeepsTheLosersBytes() {
        StoreException refusal = probe(new Altered() {
            @Override
            public boolean putIfAbsent(String key, Content content) {
                boolean won = memory.putIfAbsent(key, content);
                if (!won && key.endsWith("raced")) {
                    memory.put(key, content);
                }
                return won;
            }
        });

        assertRefused(refusal, "kept the bytes of another");
    }

    @Test
    void refusesAStoreWhoseListingLagsBehind() {
        StoreException refusal = probe(new Altered() {
            @Override
            public List<Listed> list(String prefix, @Nullable String after, int max) {
                return List.of();
            }
        });

        assertThat(refusal).hasMessageContaining("two objects were written, and the listing shows []");
        assertThat(memory.list("", null, 10)).isEmpty();
    }

    @Test
    void refusesAStoreThatStillReadsWhatWasDeleted() {
        StoreException refusal = probe(new Altered() {
            @Override
            public void delete(Collection<String> keys) {}
        });

        assertThat(refusal).hasMessageContaining("an object that was deleted can still be read");
    }

    @Test
    void givesUpOnAStoreThatNeverAnswers() {
        StoreException refusal = probe(new Altered() {
            @Override
            public boolean putIfAbsent(String key, Content content) {
                while (true) {
                    pause(60_000);
                }
            }
        });

        assertThat(refusal)
                .hasMessage("HF-STO-001: the bucket did not answer within 9500 ms. Is it the right address, and is"
                        + " the server well?");
        assertThat(world.nowNs()).isLessThan(10_000_000_000L);
    }

    @Test
    void passesOnWhateverTheStoreFailsWith() {
        long operations = operationsOfAProbe();
        for (long operation = 0; operation < operations; operation++) {
            StoreException refusal = probe(new FaultyObjectStore(memory, FaultPlan.once(operation, Fault.FAIL_BEFORE)));

            assertThat(refusal).as("operation %d", operation).hasMessageContaining("planned failure");
        }
        assertThat(operations).isEqualTo(12);
    }

    private long operationsOfAProbe() {
        FaultyObjectStore counting = new FaultyObjectStore(memory, FaultPlan.none());
        assertThat(probe(counting)).isNull();
        return counting.operations();
    }

    private static void assertRefused(@Nullable StoreException refusal, String how) {
        assertThat(refusal)
                .hasMessageStartingWith("HF-STO-009: the bucket ")
                .hasMessageContaining(how)
                .hasMessageContaining("Set storage to a store that decides create-only writes");
    }

    private @Nullable StoreException probe(ObjectStore store) {
        Env env = world.start("worker", store).env();
        if (store instanceof Altered altered) {
            altered.calls = env.blocking();
        }
        AtomicReference<Throwable> failure = new AtomicReference<>();
        boolean[] done = new boolean[1];
        env.blocking()
                .start(
                        "probe",
                        () -> {
                            StoreProbe.check(env);
                            return true;
                        },
                        Runnable::run,
                        (result, error) -> {
                            failure.set(error);
                            done[0] = true;
                        });
        assertThat(world.runUntil(() -> done[0], 20_000_000_000L)).isTrue();
        // What goes on behind the probe's back.
        world.runUntil(() -> false, 1_000_000_000L);
        assertThat(failure.get())
                .satisfiesAnyOf(
                        error -> assertThat(error).isNull(),
                        error -> assertThat(error).isInstanceOf(StoreException.class));
        return (StoreException) failure.get();
    }

    /** The store in memory, but for what a test overrides. */
    private class Altered implements ObjectStore {
        @Nullable BlockingCalls calls;

        void pause(long ms) {
            try {
                calls.pause(ms);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public boolean putIfAbsent(String key, Content content) {
            return memory.putIfAbsent(key, content);
        }

        @Override
        public void put(String key, Content content) {
            memory.put(key, content);
        }

        @Override
        public byte @Nullable [] get(String key) {
            return memory.get(key);
        }

        @Override
        public byte[] getRange(String key, long offset, int length) {
            return memory.getRange(key, offset, length);
        }

        @Override
        public List<Listed> list(String prefix, @Nullable String after, int max) {
            return memory.list(prefix, after, max);
        }

        @Override
        public void delete(Collection<String> keys) {
            memory.delete(keys);
        }

        @Override
        public String describe() {
            return memory.describe();
        }

        @Override
        public void close() {}
    }
}
