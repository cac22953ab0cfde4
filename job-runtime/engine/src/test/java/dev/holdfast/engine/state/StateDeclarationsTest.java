package dev.holdfast.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.state.BroadcastState;
import dev.holdfast.api.state.OperatorListState;
import dev.holdfast.api.state.Ttl;
import dev.holdfast.api.state.ValueState;
import dev.holdfast.api.type.Default;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateDeclarationsTest {
    private final StateDeclarations declarations = new StateDeclarations("count");

    record Old(int number) {}

    record Grown(long number, @Default("none") String name) {}

    record Other(String text) {}

    @Test
    void listsStatesInOrderOfDeclaration() {
        declarations.value("b", Long.class, 0L);
        declarations.expiring(Ttl.afterWrite(Duration.ofSeconds(1))).map("a", String.class, Long.class);
        declarations.unionList("c", String.class);
        assertThat(declarations.declared()).extracting(StateDeclaration::name).containsExactly("b", "a", "c");
        assertThat(declarations.declared())
                .extracting(StateDeclaration::kind)
                .containsExactly(StateKind.VALUE, StateKind.MAP, StateKind.UNION_LIST);
        assertThat(declarations.declared().get(1).ttl()).isNotNull();
    }

    @Test
    void refusesANameThatIsTakenOrMalformed() {
        declarations.value("count", Long.class);
        assertThatThrownBy(() -> declarations.list("count", Long.class))
                .isInstanceOf(HoldfastException.class)
                .hasMessageStartingWith("HF-STA-001: operator 'count' declares two states 'count'");
        assertThatThrownBy(() -> declarations.value("", Long.class)).hasMessageStartingWith("HF-STA-001");
        assertThatThrownBy(() -> declarations.value("a b", Long.class)).hasMessageContaining("'a b'");
        assertThatThrownBy(() -> declarations.value("x".repeat(101), Long.class))
                .hasMessageStartingWith("HF-STA-001");
        declarations.value("A-z_0.9", Long.class);
    }

    @Test
    void refusesADeclarationAfterTheConstructor() {
        declarations.seal();
        assertThatThrownBy(() -> declarations.value("late", Long.class))
                .hasMessageStartingWith("HF-STA-002: state 'late' of operator 'count' is declared while the job runs");
    }

    @Test
    void refusesUseWithoutATask() {
        ValueState<Long> count = declarations.value("total", Long.class, 0L);
        assertThatThrownBy(count::get)
                .hasMessageStartingWith("HF-STA-003: state 'total' of operator 'count' is used before its task runs");
    }

    @Test
    void refusesToWriteBroadcastStateForAKeyedRecord() {
        BroadcastState<String, Long> rules = declarations.broadcast("rules", String.class, Long.class);
        rules.put("a", 1L);
        declarations.allowBroadcastWrites(false);
        assertThat(rules.get("a")).isEqualTo(1L);
        assertThatThrownBy(() -> rules.put("b", 2L))
                .hasMessageStartingWith("HF-STA-004: broadcast state 'rules' of operator 'count'");
        assertThatThrownBy(() -> rules.remove("a")).hasMessageStartingWith("HF-STA-004");
        assertThatThrownBy(rules::clear).hasMessageStartingWith("HF-STA-004");
        declarations.allowBroadcastWrites(true);
        rules.remove("a");
        assertThat(rules.entries()).isEmpty();
    }

    @Test
    void writesStatesOfTheTaskAndReadsThemUnderANewerSchema() {
        OperatorListState<Old> list = declarations.operatorList("list", Old.class);
        BroadcastState<String, Old> rules = declarations.broadcast("rules", String.class, Old.class);
        list.set(List.of(new Old(1), new Old(2)));
        rules.put("x", new Old(3));
        List<StoredState> stored = StateSchemas.plan("count", declarations.declared(), List.of());
        List<OperatorStateBytes> bytes = declarations.snapshotOperatorStates(stored);

        StateDeclarations later = new StateDeclarations("count");
        OperatorListState<Grown> grownList = later.operatorList("list", Grown.class);
        BroadcastState<String, Grown> grownRules = later.broadcast("rules", String.class, Grown.class);
        List<StoredState> laterStored = StateSchemas.plan("count", later.declared(), stored);
        later.restoreOperatorStates(bytes, laterStored);
        assertThat(grownList.get()).containsExactly(new Grown(1, "none"), new Grown(2, "none"));
        assertThat(grownRules.entries()).isEqualTo(Map.of("x", new Grown(3, "none")));
        assertThat(later.snapshotOperatorStates(laterStored)).allMatch(each -> each.version() == 1);
    }

    @Test
    void dealsListsOutAndGivesUnionsAndBroadcastsToAll() {
        List<List<OperatorStateBytes>> old = new ArrayList<>();
        for (int task = 0; task < 2; task++) {
            StateDeclarations each = new StateDeclarations("count");
            each.operatorList("split", String.class).set(List.of("a" + task, "b" + task, "c" + task));
            each.unionList("union", String.class).add("u" + task);
            each.broadcast("rules", String.class, String.class).put("k", "v");
            old.add(each.snapshotOperatorStates(StateSchemas.plan("count", each.declared(), List.of())));
        }
        List<List<String>> split = new ArrayList<>();
        for (List<OperatorStateBytes> dealt : OperatorStateDealing.deal(old, 4)) {
            StateDeclarations task = new StateDeclarations("count");
            OperatorListState<String> splitList = task.operatorList("split", String.class);
            OperatorListState<String> union = task.unionList("union", String.class);
            BroadcastState<String, String> rules = task.broadcast("rules", String.class, String.class);
            task.restoreOperatorStates(dealt, StateSchemas.plan("count", task.declared(), List.of()));
            split.add(List.copyOf(splitList.get()));
            assertThat(union.get()).containsExactly("u0", "u1");
            assertThat(rules.entries()).isEqualTo(Map.of("k", "v"));
        }
        assertThat(split).containsExactly(List.of("a0", "b1"), List.of("b0", "c1"), List.of("c0"), List.of("a1"));
    }

    @Test
    void keepsIdsAndCountsSchemaVersions() {
        declarations.value("v", Old.class);
        declarations.list("l", String.class);
        List<StoredState> first = StateSchemas.plan("count", declarations.declared(), List.of());
        assertThat(first).extracting(StoredState::id).containsExactly(0, 1);

        StateDeclarations later = new StateDeclarations("count");
        later.map("m", String.class, Long.class);
        later.value("v", Grown.class);
        List<StoredState> second = StateSchemas.plan("count", later.declared(), first);
        assertThat(second).extracting(StoredState::name).containsExactly("v", "l", "m");
        assertThat(second).extracting(StoredState::id).containsExactly(0, 1, 2);
        assertThat(second).extracting(StoredState::version).containsExactly(1, 0, 0);
        assertThat(StateSchemas.plan("count", later.declared(), second)).isEqualTo(second);
    }

    @Test
    void refusesAChangeOfKindOrOfAnIncompatibleType() {
        declarations.value("v", Old.class);
        declarations.map("m", String.class, Long.class);
        List<StoredState> known = StateSchemas.plan("count", declarations.declared(), List.of());

        StateDeclarations kind = new StateDeclarations("count");
        kind.list("v", Old.class);
        assertThatThrownBy(() -> StateSchemas.plan("count", kind.declared(), known))
                .hasMessageStartingWith("HF-STA-010: state 'v' of operator 'count' is of kind VALUE");

        StateDeclarations type = new StateDeclarations("count");
        type.value("v", Other.class);
        assertThatThrownBy(() -> StateSchemas.plan("count", type.declared(), known))
                .hasMessageStartingWith("HF-STA-011: state 'v' of operator 'count'")
                .hasMessageContaining("text");

        StateDeclarations key = new StateDeclarations("count");
        key.map("m", Long.class, Long.class);
        assertThatThrownBy(() -> StateSchemas.plan("count", key.declared(), known))
                .hasMessageStartingWith("HF-STA-012")
                .hasMessageContaining("'m' of operator 'count'");
    }
}
