/**
 * What goes between two processes, and how fast, beside a bare Netty loop: {@link dev.holdfast.benchmarks.exchange.ExchangeBenchmark}.
 */
@NullMarked
package dev.holdfast.benchmarks.exchange;

import org.jspecify.annotations.NullMarked;
