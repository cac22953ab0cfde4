package dev.holdfast.benchmarks;

import java.util.List;
import java.util.Locale;

/** Medians and their texts. */
public final class Numbers {
    private Numbers() {}

    /** NaN where there is none. */
    public static double median(List<Double> numbers) {
        List<Double> sorted = numbers.stream().sorted().toList();
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    public static String millions(double number) {
        return String.format(Locale.ROOT, "%.2f M", number / 1e6);
    }

    public static String ms(double ns) {
        return String.format(Locale.ROOT, "%.2f ms", ns / 1e6);
    }
}
