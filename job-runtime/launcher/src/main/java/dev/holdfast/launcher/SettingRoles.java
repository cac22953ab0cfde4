package dev.holdfast.launcher;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Which processes look at a setting. Others pass it over in a file and in the environment, since the pods of a job share these. */
final class SettingRoles {
    private static final Set<Role> ALL = EnumSet.allOf(Role.class);
    private static final Set<Role> JOB = EnumSet.of(Role.LOCAL, Role.COORDINATOR, Role.WORKER);
    private static final Set<Role> COORDINATING = EnumSet.of(Role.LOCAL, Role.COORDINATOR);
    private static final Set<Role> WORKING = EnumSet.of(Role.LOCAL, Role.WORKER);
    private static final Set<Role> NETWORKED = EnumSet.of(Role.COORDINATOR, Role.WORKER);

    /** Names and beginnings of names; the first that fits counts. */
    private static final List<Rule> RULES = List.of(
            new Rule("restore.allow-dropped-state", JOB),
            new Rule("network.memory", EnumSet.of(Role.WORKER)),
            new Rule("job.", ALL),
            new Rule("storage", ALL),
            new Rule("log.", ALL),
            new Rule("program", ALL),
            new Rule("max-parallelism", JOB),
            new Rule("memory.", JOB),
            new Rule("task.", JOB),
            new Rule("http.", JOB),
            new Rule("sink.", JOB),
            new Rule("progress.", JOB),
            new Rule("parallelism", COORDINATING),
            new Rule("checkpoint.", COORDINATING),
            new Rule("savepoint.", COORDINATING),
            new Rule("restart.", COORDINATING),
            new Rule("restore.", COORDINATING),
            new Rule("stop.", COORDINATING),
            new Rule("source.", COORDINATING),
            new Rule("heartbeat.", EnumSet.of(Role.COORDINATOR)),
            new Rule("state.", WORKING),
            new Rule("work-directory", WORKING),
            new Rule("listen.", NETWORKED),
            new Rule("network.", NETWORKED),
            new Rule("advertised-host", EnumSet.of(Role.WORKER)),
            new Rule("coordinator.", EnumSet.of(Role.WORKER)),
            new Rule("worker.", EnumSet.of(Role.WORKER)));

    private record Rule(String beginning, Set<Role> roles) {}

    private SettingRoles() {}

    /** The processes that look at a setting. */
    static Set<Role> of(String name) {
        return RULES.stream()
                .filter(rule -> name.startsWith(rule.beginning()))
                .findFirst()
                .map(Rule::roles)
                .orElseThrow(() -> new IllegalStateException("no process looks at setting " + name));
    }
}
