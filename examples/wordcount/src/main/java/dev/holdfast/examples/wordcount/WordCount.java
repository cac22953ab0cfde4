package dev.holdfast.examples.wordcount;

import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.Output;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.state.States;
import dev.holdfast.api.state.ValueState;
import dev.holdfast.connector.files.ExactlyOnceFiles;
import dev.holdfast.connector.files.TextFiles;

/**
 * Counts the words of text files and writes every update of every count.
 *
 * <p>Parameters: {@code input}, a file or a directory; {@code output}, a directory; {@code repeat}, how many times the
 * input is read (1 if it is not given).
 */
public final class WordCount implements StreamProgram {

    /** How often a word has come so far. */
    public record Count(String word, long count) {}

    @Override
    public void define(StreamGraph graph, Parameters parameters) {
        graph.source("text", TextFiles.lines(parameters.path("input")).repeat(parameters.number("repeat", 1)))
                .flatMap(String.class, (line, out) -> Words.of(line).forEach(out::emit))
                .keyBy(String.class, word -> word)
                .process("count", Count.class, CountWords::new)
                .sink("counts", ExactlyOnceFiles.json(parameters.path("output")));
    }

    static final class CountWords implements KeyedProcess<String, String, Count> {
        private final ValueState<Long> count;

        CountWords(States states) {
            count = states.value("count", Long.class, 0L);
        }

        @Override
        public void process(String word, Context<String> context, Output<Count> out) {
            count.set(count.get() + 1);
            out.emit(new Count(word, count.get()));
        }
    }
}
