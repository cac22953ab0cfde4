package dev.holdfast.storage.s3;

import dev.holdfast.engine.env.ObjectStore;
import dev.holdfast.storage.directory.DirectoryObjectStore;
import java.net.URI;

/** Opens the store that settings name. */
public final class ObjectStores {

    private ObjectStores() {}

    /** Opens {@code s3://bucket/prefix} on AWS, or {@code file:///directory}. */
    public static ObjectStore open(URI storage) {
        return open(StoreSettings.of(storage));
    }

    /**
     * Opens a store. Asks an S3 server nothing yet: {@link dev.holdfast.engine.checkpoint.StoreProbe} does that. The caller
     * closes it.
     *
     * @throws dev.holdfast.api.HoldfastException HF-STO-025 if the CA file cannot be used, HF-STO-027 if no region is found
     * @throws dev.holdfast.engine.env.StoreException of kind DISK if the directory cannot be used
     */
    public static ObjectStore open(StoreSettings settings) {
        return settings.isDirectory() ? DirectoryObjectStore.open(settings.directory()) : S3ObjectStore.open(settings);
    }
}
