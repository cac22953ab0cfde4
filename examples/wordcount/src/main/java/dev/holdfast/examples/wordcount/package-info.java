/**
 * The job of the README: counts the words of text files. {@link dev.holdfast.examples.wordcount.WordCount} is the
 * program, {@link dev.holdfast.examples.wordcount.Words} says what a word is.
 */
@NullMarked
package dev.holdfast.examples.wordcount;

import org.jspecify.annotations.NullMarked;
