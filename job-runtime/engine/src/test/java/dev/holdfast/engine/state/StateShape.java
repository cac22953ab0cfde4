package dev.holdfast.engine.state;

import dev.holdfast.api.AggregateFunction;
import dev.holdfast.api.state.AggregatingState;
import dev.holdfast.api.state.ListState;
import dev.holdfast.api.state.MapState;
import dev.holdfast.api.state.ReducingState;
import dev.holdfast.api.state.States;
import dev.holdfast.api.state.Ttl;
import dev.holdfast.api.state.ValueState;
import dev.holdfast.api.type.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One state of a schedule: how it is declared, and what the plain model of it is. */
record StateShape(String name, Kind kind, @Nullable Ttl ttl) {
    static final long TTL_MS = 40;

    enum Kind {
        VALUE,
        LIST,
        MAP,
        REDUCING,
        AGGREGATING
    }

    static List<StateShape> all() {
        List<StateShape> all = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            Duration after = Duration.ofMillis(TTL_MS);
            all.add(new StateShape(kind + "-plain", kind, null));
            all.add(new StateShape(kind + "-ttl", kind, Ttl.afterWrite(after)));
            all.add(new StateShape(kind + "-access", kind, Ttl.afterAccess(after)));
        }
        return all;
    }

    Object declare(States states, int version, Runnable onWrite) {
        States in = ttl == null ? states : states.expiring(ttl);
        Type<Num> num = Num.type(version, onWrite);
        return switch (kind) {
            case VALUE -> in.value(name, num);
            case LIST -> in.list(name, num);
            case MAP -> in.map(name, Type.of(Long.class), num);
            case REDUCING -> in.reducing(name, num, (a, b) -> new Num(a.number() * 3 + b.number() & 0xFFFF));
            case AGGREGATING -> in.aggregating(name, num, new Sum());
        };
    }

    private static final class Sum implements AggregateFunction<Long, Num, Long> {
        @Override
        public Num empty() {
            return new Num(7);
        }

        @Override
        public Num add(Num accumulator, Long value) {
            return new Num(accumulator.number() * 5 + value & 0xFFFF);
        }

        @Override
        public Long result(Num accumulator) {
            return accumulator.number();
        }
    }

    /** The plain model of one key: numbers by time of expiry. */
    static final class Plain {
        long number;
        long expiresMs = Long.MIN_VALUE;
        final List<long[]> list = new ArrayList<>();
        final TreeMap<Long, long[]> map = new TreeMap<>();

        Plain copy() {
            Plain copy = new Plain();
            copy.number = number;
            copy.expiresMs = expiresMs;
            list.forEach(each -> copy.list.add(each.clone()));
            map.forEach((key, each) -> copy.map.put(key, each.clone()));
            return copy;
        }
    }

    private long expiry(long nowMs) {
        return ttl == null ? Long.MAX_VALUE : nowMs + TTL_MS;
    }

    private boolean refreshes() {
        return ttl != null && ttl.refreshOnRead();
    }

    /** Does one random thing to both; throws if they differ. */
    @SuppressWarnings("unchecked")
    void act(Object state, Plain plain, Chance chance, long nowMs) throws Exception {
        switch (kind) {
            case VALUE -> actValue((ValueState<@Nullable Num>) state, plain, chance, nowMs);
            case LIST -> actList((ListState<Num>) state, plain, chance, nowMs);
            case MAP -> actMap((MapState<Long, Num>) state, plain, chance, nowMs);
            case REDUCING -> actReducing((ReducingState<Num>) state, plain, chance, nowMs);
            case AGGREGATING -> actAggregating((AggregatingState<Long, Long>) state, plain, chance, nowMs);
        }
    }

    /** Reads all and compares. */
    @SuppressWarnings("unchecked")
    void check(Object state, Plain plain, long nowMs) throws Exception {
        switch (kind) {
            case VALUE -> checkValue((ValueState<@Nullable Num>) state, plain, nowMs);
            case LIST -> checkList((ListState<Num>) state, plain, nowMs);
            case MAP -> checkMap((MapState<Long, Num>) state, plain, nowMs);
            case REDUCING -> {
                Num found = ((ReducingState<Num>) state).get();
                same(live(plain, nowMs) ? plain.number : null, found == null ? null : found.number());
                touch(plain, nowMs);
            }
            case AGGREGATING -> {
                same(live(plain, nowMs) ? plain.number : null, ((AggregatingState<Long, Long>) state).get());
                touch(plain, nowMs);
            }
        }
    }

    private static boolean live(Plain plain, long nowMs) {
        return plain.expiresMs > nowMs;
    }

    private void touch(Plain plain, long nowMs) {
        if (refreshes() && live(plain, nowMs)) {
            plain.expiresMs = expiry(nowMs);
        }
    }

    private void write(Plain plain, long number, long nowMs) {
        plain.number = number;
        plain.expiresMs = expiry(nowMs);
    }

    private void checkValue(ValueState<@Nullable Num> state, Plain plain, long nowMs) {
        Num found = state.get();
        same(live(plain, nowMs) ? plain.number : null, found == null ? null : found.number());
        touch(plain, nowMs);
    }

    private void actValue(ValueState<@Nullable Num> state, Plain plain, Chance chance, long nowMs) {
        switch (chance.below(8)) {
            case 0 -> {
                state.clear();
                plain.expiresMs = Long.MIN_VALUE;
            }
            case 1, 2 -> checkValue(state, plain, nowMs);
            case 3, 4 -> {
                long number = chance.below(1000);
                state.set(new Num(number));
                write(plain, number, nowMs);
            }
            default -> {
                checkValue(state, plain, nowMs);
                long number = (live(plain, nowMs) ? plain.number : 0) + 1;
                state.set(new Num(number));
                write(plain, number, nowMs);
            }
        }
    }

    private void actReducing(ReducingState<Num> state, Plain plain, Chance chance, long nowMs) throws Exception {
        if (chance.below(8) == 0) {
            state.clear();
            plain.expiresMs = Long.MIN_VALUE;
            return;
        }
        long number = chance.below(1000);
        state.add(new Num(number));
        write(plain, live(plain, nowMs) ? plain.number * 3 + number & 0xFFFF : number, nowMs);
    }

    private void actAggregating(AggregatingState<Long, Long> state, Plain plain, Chance chance, long nowMs)
            throws Exception {
        if (chance.below(8) == 0) {
            state.clear();
            plain.expiresMs = Long.MIN_VALUE;
            return;
        }
        long number = chance.below(1000);
        state.add(number);
        write(plain, (live(plain, nowMs) ? plain.number : 7) * 5 + number & 0xFFFF, nowMs);
    }

    private void checkList(ListState<Num> state, Plain plain, long nowMs) {
        plain.list.removeIf(each -> each[1] <= nowMs);
        List<Long> expected = plain.list.stream().map(each -> each[0]).toList();
        same(expected.isEmpty(), state.isEmpty());
        List<Long> found = new ArrayList<>();
        state.get().forEach(each -> found.add(each.number()));
        same(expected, found);
        if (refreshes()) {
            plain.list.forEach(each -> each[1] = expiry(nowMs));
        }
    }

    private void actList(ListState<Num> state, Plain plain, Chance chance, long nowMs) {
        switch (chance.below(10)) {
            case 0 -> {
                state.clear();
                plain.list.clear();
            }
            case 1 -> {
                List<Num> values = new ArrayList<>();
                plain.list.clear();
                for (int i = chance.below(14); i > 0; i--) {
                    values.add(new Num(chance.below(1000)));
                    plain.list.add(new long[] {values.getLast().number(), expiry(nowMs)});
                }
                state.set(values);
            }
            case 2, 3 -> checkList(state, plain, nowMs);
            default -> {
                for (int i = chance.below(4); i >= 0; i--) {
                    long number = chance.below(1000);
                    state.add(new Num(number));
                    plain.list.add(new long[] {number, expiry(nowMs)});
                }
            }
        }
    }

    private void checkMap(MapState<Long, Num> state, Plain plain, long nowMs) {
        plain.map.values().removeIf(each -> each[1] <= nowMs);
        Map<Long, Long> expected = new TreeMap<>();
        plain.map.forEach((key, each) -> expected.put(key, each[0]));
        same(expected.isEmpty(), state.isEmpty());
        Map<Long, Long> found = new TreeMap<>();
        state.entries().forEach(each -> {
            if (found.put(each.getKey(), each.getValue().number()) != null) {
                throw new AssertionError("state " + name + ": key " + each.getKey() + " is there twice");
            }
        });
        same(expected, found);
        if (refreshes()) {
            plain.map.values().forEach(each -> each[1] = expiry(nowMs));
        }
    }

    private void actMap(MapState<Long, Num> state, Plain plain, Chance chance, long nowMs) {
        long key = chance.below(chance.below(3) == 0 ? 100 : 20);
        plain.map.values().removeIf(each -> each[1] <= nowMs);
        switch (chance.below(12)) {
            case 0 -> {
                if (chance.below(3) == 0) {
                    state.clear();
                    plain.map.clear();
                }
            }
            case 1, 2, 3 -> {
                for (int i = chance.below(6); i >= 0; i--) {
                    state.remove(key);
                    plain.map.remove(key);
                    key = chance.below(100);
                }
            }
            case 4 -> checkMap(state, plain, nowMs);
            case 5, 6 -> {
                long[] expected = plain.map.get(key);
                same(expected != null, state.contains(key));
                Num found = state.get(key);
                same(expected == null ? null : expected[0], found == null ? null : found.number());
                if (expected != null && refreshes()) {
                    expected[1] = expiry(nowMs);
                }
            }
            default -> {
                for (int i = chance.below(6); i >= 0; i--) {
                    long number = chance.below(1000);
                    state.put(key, new Num(number));
                    plain.map.put(key, new long[] {number, expiry(nowMs)});
                    key = chance.below(100);
                }
            }
        }
    }

    private void same(@Nullable Object expected, @Nullable Object found) {
        if (!java.util.Objects.equals(expected, found)) {
            throw new AssertionError("state " + name + " is " + found + ", expected " + expected);
        }
    }
}
