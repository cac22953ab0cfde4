package dev.holdfast.storage.s3;

/**
 * One call of the store, for its budget and its errors.
 *
 * @param verb what a person would call it, as in "cannot write"
 * @param key the key, or the prefix of a listing
 * @param transferBytes how much is sent or fetched; adds to the time it may take
 * @param isWrite whether it matters that a lost try may have happened
 */
record Call(String verb, String key, long transferBytes, boolean isWrite) {

    static Call read(String verb, String key, long transferBytes) {
        return new Call(verb, key, transferBytes, false);
    }

    static Call write(String verb, String key, long transferBytes) {
        return new Call(verb, key, transferBytes, true);
    }
}
