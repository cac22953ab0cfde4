package dev.holdfast.launcher;

import dev.holdfast.api.KeyedProcess;
import dev.holdfast.api.Output;
import dev.holdfast.api.Parameters;
import dev.holdfast.api.StreamGraph;
import dev.holdfast.api.StreamProgram;
import dev.holdfast.api.state.States;
import dev.holdfast.api.state.ValueState;
import dev.holdfast.connector.datagen.Datagen;
import dev.holdfast.connector.datagen.Discard;
import dev.holdfast.connector.files.ExactlyOnceFiles;
import dev.holdfast.connector.files.TextFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Programs to start, most of them wrong in one way. */
public final class TestPrograms {
    private TestPrograms() {}

    /** Parameters: {@code count}; {@code rate}, records a second; {@code state}, the type of the state. */
    public static final class Counting implements StreamProgram {
        @Override
        public void define(StreamGraph graph, Parameters parameters) {
            Datagen<Long> numbers = Datagen.of(Long.class, 1, (index, random) -> index % 10)
                    .count(parameters.number("count"))
                    .perSecond(parameters.number("rate", 1_000_000));
            boolean text = parameters.string("state", "number").equals("text");
            graph.source("numbers", numbers)
                    .keyBy(Long.class, number -> number)
                    .process("count", Long.class, text ? CountAsText::new : CountAsNumber::new)
                    .sink("nowhere", Discard.sink());
        }
    }

    /** Writes numbers to files. Parameters: {@code count}; {@code rate}, records a second; {@code output}. */
    public static final class Writing implements StreamProgram {
        @Override
        public void define(StreamGraph graph, Parameters parameters) {
            graph.source(
                            "numbers",
                            Datagen.of(Long.class, 1, (index, random) -> index)
                                    .count(parameters.number("count"))
                                    .perSecond(parameters.number("rate", 1_000_000)))
                    .map(String.class, String::valueOf)
                    .sink("files", ExactlyOnceFiles.lines(parameters.path("output")));
        }
    }

    /** Reads lines and drops them. Parameter: {@code input}. */
    public static final class Reading implements StreamProgram {
        @Override
        public void define(StreamGraph graph, Parameters parameters) {
            graph.source("lines", TextFiles.lines(parameters.path("input"))).sink("nowhere", Discard.sink());
        }
    }

    /** As {@link Counting}; with parameter {@code hang}, a call never returns once that many records were counted. */
    public static final class Hanging implements StreamProgram {
        @Override
        public void define(StreamGraph graph, Parameters parameters) {
            long hang = parameters.number("hang", Long.MAX_VALUE);
            Datagen<Long> numbers = Datagen.of(Long.class, 1, (index, random) -> index)
                    .count(parameters.number("count"))
                    .perSecond(parameters.number("rate", 1_000_000));
            graph.source("numbers", numbers)
                    .map(Long.class, number -> {
                        if (number == hang) {
                            new CountDownLatch(1).await();
                        }
                        return number;
                    })
                    .sink("nowhere", Discard.sink());
        }
    }

    /** A count of a number. */
    public record Counted(long number, long count) {}

    /**
     * Counts numbers into files. Parameters: {@code count}, {@code rate}, {@code output}; {@code numbers}, how many there are; {@code
     * padding}, characters of state with each, anew with each record.
     */
    public static final class CountingToFiles implements StreamProgram {
        @Override
        public void define(StreamGraph graph, Parameters parameters) {
            long different = parameters.number("numbers", 10);
            int padding = (int) parameters.number("padding", 0);
            Datagen<Long> numbers = Datagen.of(Long.class, 1, (index, random) -> index % different)
                    .count(parameters.number("count"))
                    .perSecond(parameters.number("rate", 1_000_000));
            graph.source("numbers", numbers)
                    .keyBy(Long.class, number -> number)
                    .process("count", Counted.class, states -> new CountToFile(states, padding))
                    .sink("counts", ExactlyOnceFiles.json(parameters.path("output")));
        }
    }

    static final class CountToFile implements KeyedProcess<Long, Long, Counted> {
        private final ValueState<Long> count;
        private final ValueState<String> padding;
        private final int paddingLength;

        CountToFile(States states, int paddingLength) {
            this.count = states.value("count", Long.class, 0L);
            this.padding = states.value("padding", String.class, "");
            this.paddingLength = paddingLength;
        }

        @Override
        public void process(Long number, Context<Long> context, Output<Counted> out) {
            count.set(count.get() + 1);
            if (paddingLength > 0) {
                padding.set(Character.toString('a' + (int) (count.get() % 26)).repeat(paddingLength));
            }
            out.emit(new Counted(number, count.get()));
        }
    }

    /** Keeps all that it reads, and then some, until there is no memory. */
    public static final class Hoarding implements StreamProgram {
        @Override
        public void define(StreamGraph graph, Parameters parameters) {
            List<long[]> hoard = new ArrayList<>();
            graph.source(
                            "numbers",
                            Datagen.of(Long.class, 1, (index, random) -> index).perSecond(10_000))
                    .map(Long.class, number -> {
                        hoard.add(new long[1000]);
                        return number;
                    })
                    .sink("nowhere", Discard.sink());
        }
    }

    static final class CountAsNumber implements KeyedProcess<Long, Long, Long> {
        private final ValueState<Long> count;

        CountAsNumber(States states) {
            count = states.value("count", Long.class, 0L);
        }

        @Override
        public void process(Long number, Context<Long> context, Output<Long> out) {
            count.set(count.get() + 1);
            out.emit(count.get());
        }
    }

    static final class CountAsText implements KeyedProcess<Long, Long, Long> {
        private final ValueState<String> count;

        CountAsText(States states) {
            count = states.value("count", String.class, "0");
        }

        @Override
        public void process(Long number, Context<Long> context, Output<Long> out) {
            count.set(Long.toString(Long.parseLong(count.get()) + 1));
            out.emit(Long.parseLong(count.get()));
        }
    }

    /** Cannot be made without an argument. */
    public static final class NeedsArgument implements StreamProgram {
        public NeedsArgument(String argument) {
            throw new IllegalStateException(argument);
        }

        @Override
        public void define(StreamGraph graph, Parameters parameters) {}
    }

    /** Cannot be made without an object around it. */
    public final class Inner implements StreamProgram {
        @Override
        public void define(StreamGraph graph, Parameters parameters) {}
    }

    /** Not public. */
    static final class Hidden implements StreamProgram {
        @Override
        public void define(StreamGraph graph, Parameters parameters) {}
    }

    public static final class ThrowsWhenMade implements StreamProgram {
        public ThrowsWhenMade() {
            throw new IllegalStateException("no licence");
        }

        @Override
        public void define(StreamGraph graph, Parameters parameters) {}
    }

    public static final class ThrowsInDefine implements StreamProgram {
        @Override
        public void define(StreamGraph graph, Parameters parameters) {
            throw new UnsupportedOperationException("not on Mondays");
        }
    }

    /** Describes nothing. */
    public static final class Empty implements StreamProgram {
        @Override
        public void define(StreamGraph graph, Parameters parameters) {}
    }
}
