/**
 * The sorted store on RocksDB: {@link dev.holdfast.engine.state.rocksdb.RocksSortedStore}. The only place that uses
 * RocksDB's classes.
 */
@NullMarked
package dev.holdfast.engine.state.rocksdb;

import org.jspecify.annotations.NullMarked;
