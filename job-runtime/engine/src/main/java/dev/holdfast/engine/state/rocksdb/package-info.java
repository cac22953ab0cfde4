/**
 * The sorted store on RocksDB: {@link dev.holdfast.engine.state.rocksdb.RocksSortedStore}. The only place that uses
 * RocksDB's classes. A slot's state opens one store, reads it from the slot's thread, and writes to it from flushes and
 * restores alone: small segments as batches, large ones as table files that are taken in by a link. There is no write-ahead
 * log, nothing survives a close, and a deletion is an empty value: the store is a copy of the segments for reading.
 */
@NullMarked
package dev.holdfast.engine.state.rocksdb;

import org.jspecify.annotations.NullMarked;
