package dev.holdfast.engine.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What is said to limit a job, case by case. */
class LimitsTest {
    private record Case(String name, String text, TaskFacts... tasks) {}

    private static final List<Case> CASES = List.of(
            new Case("no tasks", "no tasks run here"),
            new Case(
                    "a task has its slot for itself",
                    "task count/1 is busy 97 % of the time (state misses 61 %, flush 12 %)",
                    task("source/1").busy(0.02).pressed(0.9, "count/1").facts(),
                    task("count/1").busy(0.97).misses(0.61).flushing(0.12).facts()),
            new Case(
                    "tasks share a slot that is used up",
                    "slot 0 is busy 95 % of the time: count/0 50 %, source/0 45 %",
                    task("source/0").busy(0.45).facts(),
                    task("count/0").busy(0.5).facts()),
            new Case(
                    "the fullest slot counts",
                    "task count/2 is busy 90 % of the time",
                    task("count/0").busy(0.1).idle(0.9).facts(),
                    task("count/2").busy(0.9).facts()),
            new Case(
                    "a task waits for its own calls",
                    "task count/0 is busy 93 % of the time (waits for its own calls 90 %)",
                    task("source/0").busy(0.01).pressed(0.8, "count/0").facts(),
                    task("count/0").busy(0.03).stalled(0.9).facts()),
            new Case(
                    "back-pressure from a task of this process",
                    "back-pressure from counts/0: task count/0 is back-pressured 60 % of the time",
                    task("count/0").busy(0.1).pressed(0.6, "counts/0").facts(),
                    task("counts/0").busy(0.3).idle(0.5).facts()),
            new Case(
                    "back-pressure is followed to its end",
                    "back-pressure from counts/0: task count/0 is back-pressured 60 % of the time",
                    task("source/0").busy(0.1).pressed(0.8, "count/0").facts(),
                    task("count/0").busy(0.1).pressed(0.6, "counts/0").facts(),
                    task("counts/0").busy(0.3).idle(0.5).facts()),
            new Case(
                    "tasks that press each other",
                    "back-pressure from b/0: task a/0 is back-pressured 80 % of the time",
                    task("a/0").pressed(0.8, "b/0").facts(),
                    task("b/0").pressed(0.7, "a/0").facts()),
            new Case(
                    "no credit of another worker",
                    "credits of worker w2: task source/0 is back-pressured 83 % of the time by count/1",
                    task("source/0").busy(0.1).pressedBy(0.83, "count/1", "w2").facts(),
                    task("count/0").busy(0.1).idle(0.9).facts()),
            new Case(
                    "back-pressure by nobody who is known",
                    "back-pressure: task source/0 is back-pressured 50 % of the time",
                    task("source/0").pressed(0.5).facts()),
            new Case(
                    "sources have nothing",
                    "source: nothing to read 88 % of the time",
                    task("source/0").busy(0.1).idle(0.86).asSource().facts(),
                    task("source/1").busy(0.1).idle(0.90).asSource().facts(),
                    task("count/0").busy(0.2).idle(0.8).facts()),
            new Case(
                    "other workers send nothing",
                    "input: no records come from other workers 70 % of the time",
                    task("count/0").busy(0.2).idle(0.8).facts(),
                    task("count/1").busy(0.3).idle(0.7).facts()),
            new Case(
                    "nothing stands out",
                    "nothing here: the busiest task, count/0, is busy 45 % of the time",
                    task("source/0").busy(0.2).idle(0.4).asSource().facts(),
                    task("count/0").busy(0.45).idle(0.55).facts()));

    @TestFactory
    List<DynamicTest> says() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Case each : CASES) {
            tests.add(DynamicTest.dynamicTest(
                    each.name(),
                    () -> assertThat(Limits.of(List.of(each.tasks()))).isEqualTo(each.text())));
        }
        return tests;
    }

    private static Builder task(String name) {
        return new Builder(name);
    }

    private static final class Builder {
        private final String name;
        private boolean source;
        private double busy;
        private double stalled;
        private double pressed;
        private double idle;
        private double misses;
        private double flushing;
        private Optional<TaskFacts.Blocker> blocker = Optional.empty();

        Builder(String name) {
            this.name = name;
        }

        Builder asSource() {
            source = true;
            return this;
        }

        Builder busy(double share) {
            busy = share;
            return this;
        }

        Builder stalled(double share) {
            stalled = share;
            return this;
        }

        Builder pressed(double share) {
            pressed = share;
            return this;
        }

        Builder pressed(double share, String by) {
            blocker = Optional.of(new TaskFacts.Blocker(by, Optional.empty()));
            return pressed(share);
        }

        Builder pressedBy(double share, String by, String worker) {
            blocker = Optional.of(new TaskFacts.Blocker(by, Optional.of(worker)));
            return pressed(share);
        }

        Builder idle(double share) {
            idle = share;
            return this;
        }

        Builder misses(double share) {
            misses = share;
            return this;
        }

        Builder flushing(double share) {
            flushing = share;
            return this;
        }

        TaskFacts facts() {
            int slot = Integer.parseInt(name.substring(name.indexOf('/') + 1));
            return new TaskFacts(name, slot, source, busy, stalled, pressed, idle, misses, flushing, blocker);
        }
    }
}
