package dev.holdfast.engine.env.memory;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.ObjectStoreConformance;
import org.junit.jupiter.api.Test;

class MemoryObjectStoreTest extends ObjectStoreConformance {

    @Override
    protected ObjectStore openEmpty() {
        return new MemoryObjectStore();
    }

    @Override
    protected ObjectStore openAgain() {
        return store;
    }

    @Test
    void refusesKeysThatDirectoriesCouldNotHold() {
        store.put("a/b", text("x"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.putIfAbsent("a", text("x")))
                .withMessageContaining("cannot write 'a': there is 'a/b'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.put("a/b/c/d", text("x")))
                .withMessageContaining("cannot write 'a/b/c/d': there is 'a/b'");
    }
}
