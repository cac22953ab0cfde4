package dev.holdfast.simulation.bugs;

import java.util.List;

/**
 * A deliberate bug: a change of one source file of the product, which a test compiles and puts in the place of the right one.
 *
 * @param name what goes wrong, in words
 * @param file below {@code job-runtime}
 * @param edits all of them, or none
 */
record Bug(String name, String file, List<Edit> edits) {

    /** Text that occurs exactly once, and what it becomes. */
    record Edit(String before, String after) {}

    private static final String ENGINE = "engine/src/main/java/dev/holdfast/engine/";
    private static final String FILES = "connectors/files/src/main/java/dev/holdfast/connector/files/";

    private static Bug engine(String name, String file, String before, String after) {
        return new Bug(name, ENGINE + file, List.of(new Edit(before, after)));
    }

    private static Bug files(String name, String file, Edit... edits) {
        return new Bug(name, FILES + file, List.of(edits));
    }

    /** The source with the bug. */
    String in(String source) {
        String result = source;
        for (Edit edit : edits) {
            int at = result.indexOf(edit.before());
            if (at < 0 || result.indexOf(edit.before(), at + 1) >= 0) {
                throw new AssertionError("bug '" + name + "': expected exactly once in " + file + ": " + edit.before());
            }
            result = result.replace(edit.before(), edit.after());
        }
        return result;
    }

    @Override
    public String toString() {
        return name;
    }

    static final List<Bug> ALL = List.of(
            engine(
                    "transactions are committed before the log slot exists",
                    "coordinator/CheckpointCoordinator.java",
                    "                complete(pending);\n            }\n        });",
                    "                send.accept(new ToWorker.Completed(attempt.getAsLong(), id));\n"
                            + "                complete(pending);\n            }\n        });"),
            engine(
                    "who finds its slot taken goes on as if it had written it",
                    "checkpoint/LogWriter.java",
                    "        if (!ours) {\n            throw fence(entry.slot(), Optional.empty());",
                    "        if (!ours && entry.slot() < 0) {\n            throw fence(entry.slot(), Optional.empty());"),
            engine(
                    "the boundary is not read after a put",
                    "checkpoint/LogWriter.java",
                    "        if (boundary > entry.slot()) {",
                    "        if (boundary > entry.slot() && entry.slot() < 0) {"),
            engine(
                    "an open outcome of a put counts as written",
                    "checkpoint/CreateOnly.java",
                    "                    open = e;\n                }\n                if (e.kind().isTransient()) {",
                    "                    return true;\n                }\n                if (e.kind().isTransient()) {"),
            engine(
                    "what earlier attempts left is removed before the decided is committed",
                    "task/SlotDeployment.java",
                    "            if (decided != null) {\n                List<Object> committables",
                    "            sink.recover(committer, context.index());\n"
                            + "            if (decided != null) {\n                List<Object> committables"),
            engine(
                    "a restored checkpoint's transactions are not committed again",
                    "task/SlotDeployment.java",
                    "                if (!committables.isEmpty()) {",
                    "                if (committables.size() < 0) {"),
            engine(
                    "the committables of tasks that no longer exist are left alone",
                    "task/RestoredState.java",
                    "subtask.index() % parallelism == index) {",
                    "subtask.index() == index) {"),
            engine(
                    "a checkpoint is collected that a pending one needs",
                    "checkpoint/Collection.java",
                    "        for (long checkpointId : keep.needed()) {",
                    "        for (long checkpointId : Set.<Long>of()) {"),
            engine(
                    "a sweep takes the pending checkpoint along",
                    "checkpoint/Collection.java",
                    "checkpointId < keep.oldestPending());",
                    "checkpointId <= keep.oldestPending());"),
            engine(
                    "left-overs are not swept before the end",
                    "coordinator/GarbageCollection.java",
                    "        if (sweptLast || !(mayHaveLeftOvers || hadPredecessor)) {",
                    "        if (begun >= 0) {"),
            engine(
                    "a marker says that all is committed when an older checkpoint is",
                    "coordinator/CheckpointCoordinator.java",
                    "        if (open != null && open.completed().checkpointId() <= id) {",
                    "        if (open != null) {"),
            engine(
                    "a barrier overtakes the records before it",
                    "exchange/EdgeOutput.java",
                    "    public final void control(Element element) {\n        flush();",
                    "    public final void control(Element element) {"),
            engine(
                    "a channel goes on behind its barrier while others are waited for",
                    "exchange/InputGate.java",
                    "        channel.blocked = true;\n        delivered++;",
                    "        delivered++;"),
            engine(
                    "credits are counted twice",
                    "exchange/network/ReceiveWindow.java",
                    "        consumedBytes += bytes;",
                    "        consumedBytes += 2 * bytes;"),
            engine(
                    "credits are not given back",
                    "exchange/network/ReceiveWindow.java",
                    "        toldBytes = limit;\n        return true;",
                    "        toldBytes = limit;\n        return limit < 0;"),
            engine(
                    "the state of enumerators is captured when a checkpoint completes, not when it is triggered",
                    "coordinator/CheckpointCoordinator.java",
                    "writer.generation(), pending.enumerators()));",
                    "writer.generation(), host.enumerators(pending.id())));"),
            engine(
                    "the splits that readers held are forgotten at a restore",
                    "coordinator/Enumerators.java",
                    "                if (!returned.isEmpty()) {",
                    "                if (returned.size() > 1_000_000) {"),
            engine(
                    "a frozen entry is overwritten",
                    "state/Entry.java",
                    "        return seenEpoch <= frozenEpoch ? seen : frozen;",
                    "        return seenEpoch <= frozenEpoch ? seen : seen;"),
            engine(
                    "a flush that failed forgets its entries",
                    "state/KeyedState.java",
                    "            unflushed = ended.flush.frozen();",
                    "            unflushed = new ArrayList<>();"),
            engine(
                    "a task of a union list gets its own elements only",
                    "state/OperatorStateDealing.java",
                    "                    case UNION_LIST -> dealt.forEach(each -> each.add(state));",
                    "                    case UNION_LIST -> dealt.get(parallelism - 1).add(state);"),
            engine(
                    "an operator list is dealt out with an overlap",
                    "state/OperatorStateDealing.java",
                    "            for (int i = Math.floorMod(task - first, parallelism); i < count; i += parallelism) {",
                    "            for (int i = 0; i < count; i++) {"),
            engine(
                    "files of an earlier process are used without their checksum",
                    "state/LocalSegments.java",
                    "if (disk.sizeBytes(file) == key.length() && Checksum.of(disk, file).crc32c() == key.crc32c()) {",
                    "if (disk.sizeBytes(file) == key.length()) {"),
            engine(
                    "a sink forgets what a checkpoint prepared that was given up",
                    "operator/TransactionalSinkOperator.java",
                    "        uncommitted.headMap(checkpointId, true).values().forEach(all::addAll);",
                    "        uncommitted.subMap(checkpointId, true, checkpointId, true).values().forEach(all::addAll);"),
            files(
                    "the file sink shares an empty buffer with the interval before",
                    "PartWriter.java",
                    new Edit("RowBuffer rest = buffer.size() > 0 ? buffer : null;", "RowBuffer rest = buffer;"),
                    new Edit(
                            "        if (rest != null) {\n            last = last",
                            "        if (rest.size() > 0) {\n            last = last")),
            files(
                    "the file sink does not force its files to disk",
                    "PartWriter.java",
                    new Edit("            part.force();\n", "")),
            files(
                    "a task of the file sink removes what others have still to commit",
                    "PartCommitter.java",
                    new Edit(
                            "owner.attempt() < attempt && owner.task() % parallelism == index)",
                            "owner.attempt() < attempt)")));
}
