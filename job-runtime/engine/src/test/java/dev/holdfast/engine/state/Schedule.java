package dev.holdfast.engine.state;

import dev.holdfast.api.type.Type;
import dev.holdfast.engine.checkpoint.KeyedSegments;
import dev.holdfast.engine.env.Clock;
import dev.holdfast.engine.env.Env;
import dev.holdfast.engine.env.LocalDisk;
import dev.holdfast.engine.graph.KeyGroupRange;
import dev.holdfast.engine.graph.KeyGroups;
import dev.holdfast.engine.type.KeyCodec;
import dev.holdfast.engine.type.TypeSerializer;
import dev.holdfast.engine.type.TypeSerializers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One random life of a job's keyed state beside plain maps.
 *
 * <ol>
 *   <li>A job has operators with states of random kinds, and tasks that share their key groups. Each task has a slot's
 *       state, whose blocking calls run when the schedule says so; within each of their steps the slots may go on.
 *   <li>Random steps: use a state (and the plain model), pass time, let a call run, read mail, maintain, start a checkpoint,
 *       freeze one operator of one task for it, upload it, confirm it or abort it, end the process.
 *   <li>At a freeze the model of that task's keys is copied. After the end of a process the job starts anew from the last
 *       confirmed checkpoint with its models, with another number of tasks, sometimes with newer schemas.
 *   <li>Objects in the bucket that no retained checkpoint reaches are deleted at once; so are local files, or the check at
 *       the end finds them.
 * </ol>
 */
final class Schedule {
    /** What a schedule runs on. */
    interface Ground {
        LocalDisk disk(int task);

        SortedStore.Factory stores(LocalDisk disk);

        /** Forgets all disks. */
        void wipe();
    }

    /**
     * How a schedule goes wrong.
     *
     * @param failOneIn a step within a blocking call fails in one of so many cases; 0 for never
     * @param crashAtStep the process ends at this step, counted from 1; 0 for never
     * @param crashes whether it also ends at random times between steps
     */
    record Trouble(int failOneIn, long crashAtStep, boolean crashes) {}

    private static final TypeSerializer<Long> KEY = TypeSerializers.ofKey(Type.of(Long.class));
    private static final int MAX_DEPTH = 2;
    /** Times that slots act within a call: each may start calls of its own. */
    private static final int MAX_NESTED = 200;

    private static final int MAX_OPEN = 3;
    /** Those whose ranges cut buckets in two, and those whose do not. */
    private static final int[] PARALLELISMS = {1, 2, 3, 3, 5, 7};

    private final Chance chance;
    private final Ground ground;
    private final Trouble trouble;
    private final int maxParallelism;
    private final long[] keys;
    private final boolean skewed;
    private final Thresholds thresholds;
    private final long budgetBytes;
    private final List<List<StateShape>> operators = new ArrayList<>();
    private final KeyCodec<Long> keyCodec = new KeyCodec<>(KEY);
    private final ScheduleBucket bucket = new ScheduleBucket();
    private final int interleaveOneIn;

    private long wallMs = 1_000_000;
    private long steps;
    private int depth;
    private int nested;
    private boolean settling;
    private boolean acting;
    private int schemaVersion;
    private long lastCheckpoint;
    private LaterCalls calls = new LaterCalls();
    private List<ScheduleTask> tasks = List.of();
    private final TreeMap<Long, ScheduleBucket.Checkpoint> open = new TreeMap<>();
    private @Nullable Throwable failure;

    /** Counts of what happened, over many schedules: shows that the schedules reach what they are for. */
    static final Map<String, Long> SEEN = new java.util.concurrent.ConcurrentSkipListMap<>();

    Schedule(long seed, Ground ground, Trouble trouble) {
        chance = new Chance(seed);
        this.ground = ground;
        this.trouble = trouble;
        maxParallelism = new int[] {1, 8, 40, 50, 128, 300}[chance.below(6)];
        keys = universe(1 + chance.below(chance.oneIn(4) ? 80 : 20));
        skewed = chance.oneIn(2);
        interleaveOneIn = 2 + chance.below(20);
        budgetBytes = switch (chance.below(6)) {
            case 0 -> SlotStateSettings.MIN_BUDGET_BYTES + chance.below(2000);
            case 1, 2, 3 -> 2000 + chance.below(14_000);
            default -> 1 << 20;
        };
        thresholds = new Thresholds(
                chance.oneIn(3) ? 60 : 400,
                chance.oneIn(2) ? 200 : 100_000,
                chance.oneIn(2) ? 30 : 100_000,
                2 + chance.below(5),
                chance.oneIn(4) ? 200 : 4096,
                1 + chance.below(3),
                1 + chance.below(4),
                1 << 20);
        List<StateShape> shapes = StateShape.all();
        for (int i = chance.below(2); i >= 0; i--) {
            List<StateShape> chosen = new ArrayList<>();
            for (int j = chance.below(3); j >= 0; j--) {
                StateShape shape = shapes.get(chance.below(shapes.size()));
                if (!chosen.contains(shape)) {
                    chosen.add(shape);
                }
            }
            operators.add(chosen);
        }
        schemaVersion = 1 + chance.below(2);
    }

    /** Runs the schedule; throws if the state differs from the model. */
    void run(int actions) throws Exception {
        try {
            restart();
            for (int i = 0; i < actions; i++) {
                try {
                    action();
                } catch (Faults.Crash crash) {
                    restart();
                }
                rethrow();
            }
            finish();
        } finally {
            end();
        }
    }

    long steps() {
        return steps;
    }

    private void rethrow() throws Exception {
        Throwable found = failure;
        if (found instanceof Error error) {
            throw error;
        }
        if (found instanceof Exception exception) {
            throw exception;
        }
    }

    private static void saw(String what) {
        saw(what, 1);
    }

    private static void saw(String what, long times) {
        SEEN.merge(what, times, Long::sum);
    }

    private void sawStatistics() {
        for (ScheduleTask task : tasks) {
            for (ScheduleTask.Part part : task.parts()) {
                StateStatistics statistics = part.state.statistics();
                saw("evicted", statistics.evicted());
                saw("read from the store", statistics.storeReads());
                saw("prefetched", statistics.prefetched());
                saw("flush", statistics.flushes());
                saw("fold", statistics.folds());
                saw("failed fold", statistics.failedFolds());
            }
        }
    }

    private void step(String what) {
        steps++;
        if (steps == trouble.crashAtStep()) {
            saw("crash at a step");
            throw new Faults.Crash();
        }
        // A slot that flushes in the midst of a record is one thread: nothing else acts there. That such a flush fails
        // is
        // for other tests.
        if (!calls.isRunning() || acting) {
            return;
        }
        if (trouble.failOneIn() > 0 && chance.oneIn(trouble.failOneIn())) {
            saw("failed step");
            throw Faults.failed(what);
        }
        interleave();
    }

    /** Lets the slots act while a blocking call is at work. */
    private void interleave() {
        if (!calls.isRunning()
                || acting
                || settling
                || depth >= MAX_DEPTH
                || nested >= MAX_NESTED
                || tasks.isEmpty()
                || !chance.oneIn(interleaveOneIn)) {
            return;
        }
        depth++;
        nested++;
        LaterCalls outer = calls;
        try {
            for (int i = chance.below(3); i >= 0; i--) {
                if (chance.oneIn(4)) {
                    action();
                } else {
                    use();
                }
            }
        } catch (Faults.Crash crash) {
            throw crash;
        } catch (Throwable found) {
            // The call above must not take it for its own failure.
            if (failure == null) {
                failure = found;
            }
        } finally {
            depth--;
            if (outer != calls) {
                throw new IllegalStateException("the process was replaced within a step");
            }
        }
    }

    private void action() throws Exception {
        int choice = chance.below(100);
        if (choice < 48) {
            use();
        } else if (choice < 52) {
            wallMs += chance.below((int) StateShape.TTL_MS / 2);
        } else if (choice < 64) {
            letRun();
        } else if (choice < 72) {
            calls.drain();
        } else if (choice < 77) {
            ScheduleTask task = tasks.get(chance.below(tasks.size()));
            task.parts().get(chance.below(task.parts().size())).state.maintain(0);
        } else if (choice < 79) {
            prefetch();
        } else if (choice < 92) {
            checkpoint();
            checkpoint();
        } else if (choice < 94) {
            tasks.get(chance.below(tasks.size())).parts().forEach(part -> {
                if (part.state.canFreeze()) {
                    part.state.spill();
                    saw("spill");
                }
            });
        } else if (choice < 95 && trouble.crashes() && depth == 0) {
            saw("crash");
            restart();
        } else if (choice < 96 && chance.oneIn(3)) {
            ScheduleBucket.Checkpoint latest =
                    open.isEmpty() ? null : open.lastEntry().getValue();
            if (latest != null) {
                abort(latest);
            }
        } else {
            use();
        }
    }

    private void letRun() {
        if (calls.waiting() > 0) {
            calls.run(chance.below(calls.waiting()));
        }
    }

    private long key() {
        return keys[
                skewed && !chance.oneIn(3) ? chance.below(Math.max(1, keys.length / 6)) : chance.below(keys.length)];
    }

    /** Keys; in half of the schedules all of one bucket, as those are interesting that several tasks share. */
    private long[] universe(int size) {
        int only = chance.oneIn(2) ? chance.below(KeyGroups.buckets(maxParallelism)) : -1;
        long[] chosen = new long[size];
        long candidate = 0;
        for (int i = 0; i < size; candidate++) {
            int keyGroup = KeyGroups.keyGroup(keyCodec.hash(candidate), maxParallelism);
            if (only < 0 || KeyGroups.bucket(keyGroup, maxParallelism) == only) {
                chosen[i++] = candidate;
            }
        }
        return chosen;
    }

    private void use() throws Exception {
        int operator = chance.below(operators.size());
        List<StateShape> shapes = operators.get(operator);
        int shape = chance.below(shapes.size());
        use(operator, shape, key(), true);
    }

    private void use(int operator, int shape, long key, boolean act) throws Exception {
        int hash = keyCodec.hash(key);
        ScheduleTask.Part part = owner(operator, hash);
        if (part.state.mustWait() && act) {
            // As the task would: no records before a flush has ended.
            saw("stall");
            part.state.maintain(0);
            if (depth == 0) {
                letRun();
                calls.drain();
            }
            return;
        }
        part.state.setKey(key, hash);
        StateShape of = operators.get(operator).get(shape);
        StateShape.Plain plain = part.model
                .computeIfAbsent(key, k -> new HashMap<>())
                .computeIfAbsent(of.name(), name -> new StateShape.Plain());
        long spills = part.state.statistics().spills();
        acting = true;
        try {
            if (act) {
                of.act(part.handles.get(shape), plain, chance, wallMs);
            } else {
                of.check(part.handles.get(shape), plain, wallMs);
            }
        } catch (AssertionError found) {
            throw new AssertionError("key " + key + " of operator " + operator + ": " + found.getMessage(), found);
        } finally {
            acting = false;
        }
        saw("flush within a record", part.state.statistics().spills() - spills);
        part.state.clearKey();
        if (chance.oneIn(3)) {
            part.state.maintain(0);
        }
    }

    private ScheduleTask.Part owner(int operator, int hash) {
        int keyGroup = KeyGroups.keyGroup(hash, maxParallelism);
        return tasks.get(KeyGroups.task(keyGroup, tasks.size(), maxParallelism))
                .parts()
                .get(operator);
    }

    private void prefetch() {
        int operator = chance.below(operators.size());
        ScheduleTask.Part part = tasks.get(chance.below(tasks.size())).parts().get(operator);
        List<Object> chosen = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            long key = key();
            if (owner(operator, keyCodec.hash(key)) == part) {
                chosen.add(key);
            }
        }
        int[] hashes =
                chosen.stream().mapToInt(key -> keyCodec.hash((Long) key)).toArray();
        part.state.prefetch(chosen.toArray(), hashes, 0, chosen.size());
    }

    private void checkpoint() throws Exception {
        ScheduleBucket.Checkpoint current =
                open.isEmpty() ? null : open.lastEntry().getValue();
        if (current == null || current.isFrozen() && open.size() < MAX_OPEN && chance.oneIn(3)) {
            current = new ScheduleBucket.Checkpoint(++lastCheckpoint);
            open.put(current.id, current);
            for (ScheduleTask task : tasks) {
                current.missing.addAll(task.parts());
            }
        }
        if (!current.isFrozen()) {
            List<ScheduleTask.Part> ready = current.missing.stream()
                    .filter(part -> part.state.canFreeze())
                    .toList();
            if (!ready.isEmpty()) {
                freeze(current, ready.get(chance.below(ready.size())));
            }
            return;
        }
        ScheduleBucket.Checkpoint oldest = open.firstEntry().getValue();
        if (!oldest.isComplete() && depth == 0) {
            letRun();
            calls.drain();
        } else if (oldest.isComplete()) {
            bucket.upload(oldest);
            if (chance.oneIn(8)) {
                abort(oldest);
            } else {
                confirm(oldest);
            }
        }
    }

    private void freeze(ScheduleBucket.Checkpoint checkpoint, ScheduleTask.Part part) {
        checkpoint.missing.remove(part);
        checkpoint.waiting++;
        checkpoint.models.put(part, part.copyModel());
        part.state.freeze(checkpoint.id, (snapshot, error) -> {
            checkpoint.waiting--;
            if (snapshot == null) {
                saw("failed flush");
                checkpoint.failed = true;
                if (open.containsKey(checkpoint.id)) {
                    abort(checkpoint);
                }
            } else if (open.containsKey(checkpoint.id)) {
                checkpoint.snapshots.put(part, snapshot);
            } else {
                part.state.abort(checkpoint.id);
            }
        });
    }

    private void abort(ScheduleBucket.Checkpoint checkpoint) {
        saw("abort");
        open.remove(checkpoint.id);
        checkpoint.snapshots.keySet().forEach(part -> part.state.abort(checkpoint.id));
        bucket.collect(open.values());
    }

    private void confirm(ScheduleBucket.Checkpoint checkpoint) {
        saw("confirm");
        open.remove(checkpoint.id);
        bucket.confirm(checkpoint, operators.size());
        bucket.collect(open.values());
    }

    private void restart() throws Exception {
        for (int tries = 0; ; tries++) {
            end();
            try {
                start();
                return;
            } catch (Faults.Crash crash) {
                if (tries > 3) {
                    throw new IllegalStateException("a process crashes at one step only", crash);
                }
            }
        }
    }

    private void end() {
        sawStatistics();
        tasks.forEach(task -> task.slot().store().close());
        tasks = List.of();
        open.clear();
        calls = new LaterCalls();
        ground.wipe();
    }

    private void start() throws Exception {
        ScheduleBucket.Confirmed from = bucket.confirmed();
        if (schemaVersion == 1 && chance.oneIn(3)) {
            schemaVersion = 2;
        }
        int parallelism = PARALLELISMS[chance.below(maxParallelism == 1 ? 1 : PARALLELISMS.length)];
        boolean reuse = !chance.oneIn(4);
        List<ScheduleTask> started = new ArrayList<>();
        Clock clock = new Clock() {
            @Override
            public long nowNs() {
                return wallMs * 1_000_000;
            }

            @Override
            public long wallMs() {
                return wallMs;
            }
        };
        try {
            for (int index = 0; index < parallelism; index++) {
                LocalDisk disk = new Faults.Disk(ground.disk(index), this::step);
                Env env = new Env(clock, chance, null, calls, disk, null);
                SortedStore.Factory stores = (directory, cacheBytes) ->
                        new Faults.Store(ground.stores(disk).open(directory, cacheBytes), this::step);
                ScheduleTask task = new ScheduleTask(SlotState.open(
                        new SlotStateSettings("slot" + index, budgetBytes, thresholds), env, stores, calls));
                started.add(task);
                for (int operator = 0; operator < operators.size(); operator++) {
                    task.parts()
                            .add(startPart(
                                    task.slot(),
                                    from,
                                    operator,
                                    KeyGroups.range(index, parallelism, maxParallelism),
                                    reuse));
                }
            }
        } catch (Faults.Crash crash) {
            started.forEach(task -> task.slot().store().close());
            throw crash;
        }
        tasks = started;
        if (from != null) {
            saw("restore");
            checkAll();
        }
    }

    private ScheduleTask.Part startPart(
            SlotState slot, ScheduleBucket.@Nullable Confirmed from, int operator, KeyGroupRange range, boolean reuse) {
        StateDeclarations declarations = new StateDeclarations("operator" + operator);
        List<Object> handles = new ArrayList<>();
        for (StateShape shape : operators.get(operator)) {
            handles.add(shape.declare(declarations, schemaVersion, this::interleave));
        }
        declarations.seal();
        List<StoredState> stored = StateSchemas.plan(
                "operator" + operator,
                declarations.declared(),
                from == null ? List.of() : from.stored().get(operator));
        KeyedOperatorSpec spec = new KeyedOperatorSpec(
                "operator" + operator, 3 + operator, KEY, range, maxParallelism, declarations, stored);
        TreeMap<Integer, List<KeyedSegments>> lists = new TreeMap<>();
        Map<Long, Map<String, StateShape.Plain>> model = new HashMap<>();
        if (from != null) {
            from.lists()
                    .get(operator)
                    .forEach(list -> lists.computeIfAbsent(list.bucket(), b -> new ArrayList<>())
                            .add(list));
            from.models().get(operator).forEach((key, states) -> {
                if (range.contains(KeyGroups.keyGroup(keyCodec.hash(key), maxParallelism))) {
                    model.put(key, ScheduleTask.Part.copy(states));
                }
            });
        }
        List<RestoredBucket> restored = new ArrayList<>();
        lists.forEach((index, each) -> restored.add(new RestoredBucket(index, each)));
        KeyedState state = slot.keyed(spec, restored, reuse, bucket::open);
        return new ScheduleTask.Part(operator, state, handles, stored, model);
    }

    private void checkAll() throws Exception {
        for (int operator = 0; operator < operators.size(); operator++) {
            for (int shape = 0; shape < operators.get(operator).size(); shape++) {
                for (long key : keys) {
                    use(operator, shape, key, false);
                }
            }
        }
    }

    private void settle() throws Exception {
        settling = true;
        for (int rounds = 0; !calls.isIdle(); rounds++) {
            while (calls.waiting() > 0) {
                calls.run(0);
            }
            calls.drain();
            if (rounds > 1000) {
                throw new AssertionError("flushes and folds do not come to an end: " + calls.names());
            }
        }
        settling = false;
        rethrow();
    }

    private void finish() throws Exception {
        try {
            settle();
            checkAll();
            rethrow();
            List.copyOf(open.values()).forEach(this::abort);
            settle();
            for (int i = 0; i < tasks.size(); i++) {
                tasks.get(i).checkFiles(ground.disk(i), "slot" + i + "/segments");
            }
            if (trouble.crashes()) {
                restart();
                settle();
            }
            for (ScheduleTask task : tasks) {
                task.slot().close();
            }
            for (int i = 0; i < tasks.size(); i++) {
                List<String> left = ground.disk(i).list("slot" + i);
                if (!left.isEmpty()) {
                    throw new AssertionError("closing left files: " + left);
                }
            }
            sawStatistics();
            tasks = List.of();
        } catch (Faults.Crash crash) {
            // The step to crash at lay within the checks at the end.
            restart();
        }
    }
}
