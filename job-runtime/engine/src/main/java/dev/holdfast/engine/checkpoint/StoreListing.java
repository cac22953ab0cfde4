package dev.holdfast.engine.checkpoint;

import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.engine.env.ObjectStore.Listed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Listings page by page. */
final class StoreListing {
    private final ObjectStore store;

    StoreListing(ObjectStore store) {
        this.store = store;
    }

    List<Listed> all(String prefix) {
        return after(prefix, null);
    }

    List<Listed> after(String prefix, @Nullable String after) {
        List<Listed> all = new ArrayList<>();
        pages(prefix, after, all::addAll);
        return all;
    }

    /** Hands over one page after the other, so that a listing of any length takes bounded memory. */
    void pages(String prefix, @Nullable String after, Consumer<List<Listed>> use) {
        String last = after;
        while (true) {
            List<Listed> page = store.list(prefix, last, ObjectStore.MAX_KEYS);
            use.accept(page);
            if (page.size() < ObjectStore.MAX_KEYS) {
                return;
            }
            last = page.getLast().key();
        }
    }
}
