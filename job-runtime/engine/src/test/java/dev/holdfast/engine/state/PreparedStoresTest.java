package dev.holdfast.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.env.StoreException;
import dev.holdfast.engine.env.simulated.MemoryDisk;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreparedStoresTest {
    private static final long CACHE = 1 << 20;

    private final MemoryDisk disk = new MemoryDisk();
    private final LaterCalls calls = new LaterCalls();
    private final List<String> opened = new ArrayList<>();
    private boolean broken;
    private final PreparedStores stores = new PreparedStores(this::inner, disk, calls, 2);

    @Test
    void givesAwayWhatItHasOpenedBefore() {
        stores.prepare(CACHE);
        runCalls();
        assertThat(opened).containsExactly("prepared/1", "prepared/2");

        stores.open("slot-0", CACHE);
        stores.open("slot-1", CACHE);
        stores.open("slot-2", CACHE);

        assertThat(opened).containsExactly("prepared/1", "prepared/2", "slot-2");
    }

    @Test
    void opensOnlyWhatIsMissing() {
        stores.prepare(CACHE);
        stores.prepare(CACHE);
        runCalls();
        stores.prepare(CACHE);
        runCalls();
        assertThat(opened).hasSize(2);

        stores.open("slot-0", CACHE);
        stores.prepare(CACHE);
        runCalls();

        assertThat(opened).containsExactly("prepared/1", "prepared/2", "prepared/3");
    }

    @Test
    void oneWithAnotherCacheIsNotGivenAway() {
        stores.prepare(CACHE);
        runCalls();

        stores.open("slot-0", 2 * CACHE);

        assertThat(opened).endsWith("slot-0");
        assertThat(disk.list("prepared/1")).isEmpty();
    }

    @Test
    void aStoreThatIsClosedTakesItsDirectoryAlong() {
        stores.prepare(CACHE);
        runCalls();
        SortedStore store = stores.open("slot-0", CACHE);
        assertThat(disk.list("prepared/1")).isNotEmpty();

        store.close();

        assertThat(disk.list("prepared/1")).isEmpty();
    }

    @Test
    void nothingIsLeftAtTheEnd() {
        stores.prepare(CACHE);
        calls.run(0);
        stores.close();
        runCalls();
        stores.prepare(CACHE);
        runCalls();

        assertThat(disk.list("prepared")).isEmpty();
        assertThat(opened).containsExactly("prepared/1", "prepared/2");
    }

    @Test
    void oneThatCannotBeOpenedIsTriedAgainByTheNextCall() {
        broken = true;
        stores.prepare(CACHE);
        runCalls();
        broken = false;
        stores.prepare(CACHE);
        runCalls();

        stores.open("slot-0", CACHE);

        assertThat(opened).containsExactly("prepared/3", "prepared/4");
    }

    private SortedStore inner(String directory, long cacheBytes) {
        if (broken) {
            throw new StoreException(StoreException.Kind.DISK, "planned");
        }
        opened.add(directory);
        try (OutputStream out = disk.create(directory + "/db")) {
            out.write(1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return MemorySortedStore.factory(disk).open(directory, cacheBytes);
    }

    private void runCalls() {
        while (calls.waiting() > 0) {
            calls.run(0);
        }
        calls.drain();
    }
}
