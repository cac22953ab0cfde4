package dev.holdfast.simulation.fault;

/** A fault and its moment. */
public record PlannedFault(Moment moment, Fault fault) {

    @Override
    public String toString() {
        String when = switch (moment) {
            case Moment.At at -> "at " + at.ms();
            case Moment.On on -> "on " + on.point() + " " + on.nth();
        };
        return when + " " + RecordText.write(fault);
    }

    static PlannedFault parse(String line) {
        String[] words = line.trim().split(" ");
        return switch (words[0]) {
            case "at" ->
                new PlannedFault(new Moment.At(Long.parseLong(words[1])), RecordText.read(words, 2, Fault.class));
            case "on" ->
                new PlannedFault(
                        new Moment.On(CrashPoint.valueOf(words[1]), Integer.parseInt(words[2])),
                        RecordText.read(words, 3, Fault.class));
            default -> throw new IllegalArgumentException("a fault begins with 'at' or 'on', found: " + line);
        };
    }
}
