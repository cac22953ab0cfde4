package dev.holdfast.engine.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.env.FaultPlan.Fault;
import dev.holdfast.engine.env.StoreException.Kind;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultyObjectStoreTest {
    private final MemoryObjectStore inner = new MemoryObjectStore();

    @Test
    void tellsThePlanEachOperationInOrder() {
        List<String> seen = new ArrayList<>();
        FaultyObjectStore store = new FaultyObjectStore(inner, (number, operation, key) -> {
            seen.add(number + " " + operation + " " + key);
            return Fault.NONE;
        });

        store.putIfAbsent("a", Content.of(new byte[1]));
        store.put("b", Content.of(new byte[2]));
        assertThat(store.get("a")).hasSize(1);
        assertThat(store.getRange("b", 1, 1)).hasSize(1);
        assertThat(store.list("", null, 10)).hasSize(2);
        store.delete(List.of("a", "b"));

        assertThat(seen)
                .containsExactly("0 putIfAbsent a", "1 put b", "2 get a", "3 getRange b", "4 list ", "5 delete a,b");
        assertThat(store.operations()).isEqualTo(6);
        assertThat(inner.list("", null, 10)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"FAIL_BEFORE", "FAIL_AFTER", "LOSE", "DELAY"})
    void failedWritesAreDoneOrNotAsTheFaultSays(Fault fault) {
        FaultyObjectStore store = new FaultyObjectStore(inner, FaultPlan.once(0, fault));

        assertThatThrownBy(() -> store.putIfAbsent("a", Content.of(new byte[1])))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.kind())
                                .isEqualTo(fault == Fault.FAIL_BEFORE ? Kind.BUSY : Kind.UNKNOWN_OUTCOME));
        assertThat(inner.get("a") != null).isEqualTo(fault == Fault.FAIL_AFTER);

        store.deliverLateWrites();
        assertThat(inner.get("a") != null).isEqualTo(fault == Fault.FAIL_AFTER || fault == Fault.DELAY);
        assertThat(store.putIfAbsent("b", Content.of(new byte[1]))).isTrue();
    }

    @Test
    void aLateCreateLosesToOneThatCameMeanwhile() {
        FaultyObjectStore store = new FaultyObjectStore(inner, FaultPlan.once(0, Fault.DELAY));
        assertThatThrownBy(() -> store.putIfAbsent("a", Content.of(new byte[1])))
                .isInstanceOf(StoreException.class);

        assertThat(store.putIfAbsent("a", Content.of(new byte[2]))).isTrue();
        store.deliverLateWrites();

        assertThat(inner.get("a")).hasSize(2);
    }

    @Test
    void lostReadsAreUnreachable() {
        FaultyObjectStore store = new FaultyObjectStore(inner, FaultPlan.once(0, Fault.FAIL_AFTER));

        assertThatThrownBy(() -> store.get("a"))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE));
        assertThat(store.get("a")).isNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"CRASH_BEFORE", "CRASH_AFTER"})
    void nothingWorksAfterACrashButTheStoreLivesOn(Fault fault) {
        FaultyObjectStore store = new FaultyObjectStore(inner, FaultPlan.once(1, fault));
        store.put("a", Content.of(new byte[1]));

        assertThatThrownBy(() -> store.put("b", Content.of(new byte[1]))).isInstanceOf(SimulatedCrash.class);
        assertThat(store.crashed()).isTrue();
        assertThatThrownBy(() -> store.get("a"))
                .isInstanceOf(SimulatedCrash.class)
                .hasMessageContaining("crashed at");
        store.close();

        FaultyObjectStore next = new FaultyObjectStore(inner, FaultPlan.none());
        assertThat(next.get("a")).isNotNull();
        assertThat(next.get("b") != null).isEqualTo(fault == Fault.CRASH_AFTER);
    }
}
