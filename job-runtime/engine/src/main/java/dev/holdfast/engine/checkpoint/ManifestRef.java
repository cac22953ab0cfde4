package dev.holdfast.engine.checkpoint;

/**
 * Where a manifest lies, and which bytes it must have.
 *
 * @param name relative to the job's root
 * @param sizeBytes of the object
 * @param crc32c checksum of the whole object
 */
public record ManifestRef(String name, long sizeBytes, int crc32c) {
    public ManifestRef {
        if (name.isEmpty() || sizeBytes <= 0) {
            throw new IllegalArgumentException("not a manifest: '" + name + "' of " + sizeBytes + " bytes");
        }
    }
}
