package dev.holdfast.examples.demo;

import java.nio.file.Path;
import java.util.List;

/**
 * What the demo is to do.
 *
 * @param holdfast the script that starts the job
 * @param libraries directory of jars
 * @param text the text to count
 * @param repeat how many times it is read; 0 for about 40 seconds
 * @param seed decides what happens to the job, and when
 * @param keep whether the files stay
 */
record DemoOptions(Path holdfast, Path libraries, Path text, int repeat, long seed, boolean keep) {
    static final String USAGE = """
        usage: make demo ARGS='[--repeat <times>] [--seed <number>] [--keep]'
          --repeat  how many times the text is read; unless given, as often as fills about 40 seconds here
          --seed    decides what happens to the job, and when; another one each time unless given
          --keep    do not delete the files at the end
        """;

    DemoOptions withRepeat(int rounds) {
        return new DemoOptions(holdfast, libraries, text, rounds, seed, keep);
    }

    /** Reads options; {@code fallbackSeed} is taken where none is given. */
    static DemoOptions parse(List<String> args, long fallbackSeed) {
        Path holdfast = Path.of("");
        Path libraries = Path.of("");
        Path text = Path.of("");
        int repeat = 0;
        long seed = fallbackSeed;
        boolean keep = false;
        for (int i = 0; i < args.size(); i++) {
            String option = args.get(i);
            if (option.equals("--keep")) {
                keep = true;
                continue;
            }
            if (i + 1 == args.size()) {
                throw new IllegalArgumentException("option " + option + " is unknown or has no value");
            }
            String value = args.get(++i);
            switch (option) {
                case "--holdfast" -> holdfast = Path.of(value);
                case "--libraries" -> libraries = Path.of(value);
                case "--text" -> text = Path.of(value);
                case "--repeat" -> repeat = Math.toIntExact(number(option, value, 1));
                case "--seed" -> seed = number(option, value, Long.MIN_VALUE);
                default -> throw new IllegalArgumentException("there is no option " + option);
            }
        }
        return new DemoOptions(holdfast, libraries, text, repeat, seed, keep);
    }

    private static long number(String option, String value, long least) {
        try {
            long number = Long.parseLong(value);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " is '" + value + "', expected a whole number", e);
        }
        throw new IllegalArgumentException(option + " is " + value + ", expected " + least + " or more");
    }
}
