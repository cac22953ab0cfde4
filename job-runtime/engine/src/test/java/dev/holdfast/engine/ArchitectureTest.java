package dev.holdfast.engine;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The walls inside the engine. Each rule also holds for packages that do not exist yet.
 *
 * <p>Packages depend downward only. What a simulation must replace (time, threads, chance, files, network) enters through
 * {@code env}, from its implementations {@code env.host} and {@code env.simulated}. The second has threads, but neither
 * real time nor real chance.
 */
class ArchitectureTest {

    private static final String ENGINE = "dev.holdfast.engine.";
    private static final String HOST = ENGINE + "env.host..";
    private static final String SIMULATED = ENGINE + "env.simulated..";
    private static final String ROCKSDB = ENGINE + "state.rocksdb..";

    /** From the top down. A package, with its subpackages, may use all packages of the lines below its own. */
    private static final List<List<String>> LAYERS = List.of(
            List.of("local"),
            List.of("coordinator", "worker"),
            List.of("task"),
            List.of("operator"),
            List.of("link"),
            List.of("protocol"),
            List.of("exchange", "state", "checkpoint"),
            List.of("graph", "type"),
            List.of("metrics"),
            List.of("env"));

    /** What a package may use of its own line. */
    private static final Map<String, Set<String>> BESIDE =
            Map.of("state", Set.of("checkpoint"), "graph", Set.of("type"));

    /** Nine of ten files that read well are shorter; a longer one does more than one thing. */
    private static final int MAX_LINES = 600;

    private static final DescribedPredicate<JavaClass> PATH = describe("Path", c -> c.isEquivalentTo(Path.class));

    private static final JavaClasses MAIN = importEngine(new ImportOption.DoNotIncludeTests());
    private static final JavaClasses TESTS = importEngine(new ImportOption.OnlyIncludeTests());

    @TestFactory
    Stream<DynamicTest> packagesDependDownwardOnly() {
        return LAYERS.stream()
                .flatMap(List::stream)
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    String[] allowed = usableFrom(name).toArray(String[]::new);
                    check(classes()
                            .that()
                            .resideInAPackage(ENGINE + name + "..")
                            .should()
                            .onlyDependOnClassesThat(resideOutsideOfPackage("dev.holdfast.engine..")
                                    .or(resideInAnyPackage(allowed)))
                            .because("packages depend downward only: " + LAYERS));
                }));
    }

    @Test
    void everyPackageHasItsLayer() {
        String[] known = LAYERS.stream()
                .flatMap(List::stream)
                .map(name -> ENGINE + name + "..")
                .toArray(String[]::new);
        check(classes()
                .that(DescribedPredicate.not(simpleName("package-info")))
                .should()
                .resideInAnyPackage(known)
                .because("a new package gets a place in LAYERS first"));
    }

    @Test
    void packagesAreFreeOfCycles() {
        check(slices().matching(ENGINE + "(**)")
                .should()
                .beFreeOfCycles()
                .because("the engine reads in one order; move what both need to a package below"));
    }

    @Test
    void stateUsesOnlyValuesOfCheckpoint() {
        DescribedPredicate<JavaClass> value =
                describe("values", c -> c.isRecord() || c.isEnum() || c.isInterface() || c.isAnonymousClass());
        check(noClasses()
                .that()
                .resideInAPackage(ENGINE + "state..")
                .should()
                .dependOnClassesThat(resideInAPackage(ENGINE + "checkpoint..").and(DescribedPredicate.not(value)))
                .because("state names files in checkpoint's records; operator brings the two together"));
    }

    @Test
    void onlyStateRocksdbUsesRocksdb() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(ROCKSDB)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.rocksdb..")
                .because("native code lives in one place; use the interfaces of engine.state"));
    }

    @Test
    void theEngineKnowsNoFramework() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quarkus..",
                        "jakarta..",
                        "io.fabric8..",
                        "io.netty..",
                        "io.vertx..",
                        "software.amazon..",
                        "io.minio..",
                        "org.apache.kafka..")
                .because("it runs in a simulation; implement an interface of engine.env in a module of its own"));
    }

    @Test
    void theEngineDoesNotChooseItsEnv() {
        for (String implementation : List.of(HOST, SIMULATED)) {
            check(noClasses()
                    .that()
                    .resideOutsideOfPackage(implementation)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(implementation)
                    .because("a launcher or a test chooses; take an env.Env"));
        }
    }

    @Test
    void onlyTheHostReadsTime() {
        checkOutside(
                Set.of(HOST),
                "use env.Clock",
                calls(System.class, "currentTimeMillis", "nanoTime"),
                call(target -> in(target, "java.time") && named(target, "now")),
                call(target -> ownedBy(target, java.time.Clock.class) && !named(target, "fixed", "offset")),
                call(target -> ownedBy(target, Date.class) && constructor(target)),
                calls(Calendar.class, "getInstance"));
    }

    @Test
    void onlyTheHostWaits() {
        checkOutside(
                Set.of(HOST),
                "use env.BlockingCalls.schedule, or pause within a blocking call",
                calls(Thread.class, "sleep", "join", "yield"),
                calls(TimeUnit.class, "sleep", "timedJoin", "timedWait"),
                calls(LockSupport.class, "park", "parkNanos", "parkUntil"),
                call(ArchitectureTest::isObjectWait),
                call(target -> ownedBy(target, Timer.class) && constructor(target)));
    }

    @Test
    void onlyEnvMakesThreads() {
        checkOutside(
                Set.of(HOST, SIMULATED),
                "use env.BlockingCalls; loops are stepped by their owner",
                call(target -> target.getOwner().isAssignableTo(Thread.class) && constructor(target)),
                calls(Thread.class, "ofVirtual", "ofPlatform", "startVirtualThread"),
                calls(Executors.class),
                call(target -> target.getOwner().isAssignableTo(Executor.class) && constructor(target)),
                calls(ForkJoinPool.class),
                call(target -> target.getOwner().isAssignableTo(CompletableFuture.class)
                        && (target.getName().endsWith("Async")
                                || named(target, "orTimeout", "completeOnTimeout", "delayedExecutor"))),
                call(target -> target.getOwner().getSimpleName().equals("StructuredTaskScope")),
                call(target -> named(target, "parallelStream")),
                calls(Stream.class, "parallel"));
    }

    @Test
    void onlyTheHostIsRandom() {
        checkOutside(
                Set.of(HOST),
                "use env.Randomness",
                call(target -> target.getOwner().isAssignableTo(RandomGenerator.class)
                        && (constructor(target) || named(target, "current", "getDefault", "of", "getInstanceStrong"))),
                calls(RandomGeneratorFactory.class),
                calls(Math.class, "random"),
                calls(StrictMath.class, "random"),
                calls(UUID.class, "randomUUID"),
                calls(Collections.class, "shuffle"));
    }

    @Test
    void onlyTheHostTouchesFiles() {
        DescribedPredicate<JavaClass> files = resideInAnyPackage("java.nio.file..")
                .or(resideInAPackage("java.io").and(describe("files", ArchitectureTest::isFile)))
                .or(resideInAPackage("java.nio.channels").and(describe("files", ArchitectureTest::isFileChannel)));
        check(noClasses()
                .that()
                .resideOutsideOfPackage(HOST)
                .should()
                .dependOnClassesThat(files.and(DescribedPredicate.not(PATH)))
                .because("use env.LocalDisk or env.ObjectStore"));
    }

    @Test
    void onlyNativeCodeNeedsPaths() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(ENGINE + "env..", ROCKSDB)
                .should()
                .dependOnClassesThat(PATH)
                .because("use a name in env.LocalDisk; only state.rocksdb hands a path to native code"));
    }

    @Test
    void onlyTheHostUsesTheNetwork() {
        DescribedPredicate<JavaClass> network = resideInAnyPackage("java.net.http..", "javax.net..")
                .or(resideInAPackage("java.net").and(describe("sockets", ArchitectureTest::isMoreThanAnAddress)))
                .or(resideInAPackage("java.nio.channels").and(describe("sockets", ArchitectureTest::isSocketChannel)));
        check(noClasses()
                .that()
                .resideOutsideOfPackage(HOST)
                .should()
                .dependOnClassesThat(network)
                .because("use env.Transport or env.ObjectStore"));
    }

    @Test
    void theEngineNeitherPrintsNorExits() {
        String because = "log through System.Logger, and let an exception end the process in the launcher";
        check(noClasses().should().accessField(System.class, "out").because(because));
        check(noClasses().should().accessField(System.class, "err").because(because));
        check(noClasses()
                .should()
                .accessTargetWhere(call(target -> named(target, "printStackTrace"))
                        .or(calls(System.class, "exit"))
                        .or(calls(Runtime.class, "exit", "halt")))
                .because(because));
    }

    @Test
    void plansAndMessagesAreValues() {
        check(fields().that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(ENGINE + "graph..", ENGINE + "protocol..")
                .should()
                .beFinal()
                .because("plans and messages are values; use a record"));
    }

    @Test
    void testsUseHandWrittenTwins() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.mockito..", "org.easymock..", "org.powermock..", "org.jmock..", "mockit..", "io.mockk..")
                .because("a mock repeats the code; write a twin in memory")
                .allowEmptyShould(true)
                .check(TESTS);
    }

    @Test
    void filesAreShort() throws IOException {
        List<String> tooLong = new ArrayList<>();
        Path sources = Path.of("src/main/java");
        if (Files.exists(sources)) {
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    long lines;
                    try (Stream<String> all = Files.lines(file)) {
                        lines = all.count();
                    }
                    if (lines > MAX_LINES) {
                        tooLong.add(file + ": " + lines + " lines");
                    }
                }
            }
        }
        assertThat(tooLong).as("files over %d lines: split by job", MAX_LINES).isEmpty();
    }

    private static JavaClasses importEngine(ImportOption option) {
        return new ClassFileImporter(List.of(option)).importPackages("dev.holdfast.engine");
    }

    private static List<String> usableFrom(String name) {
        List<String> usable = new ArrayList<>();
        usable.add(name);
        usable.addAll(BESIDE.getOrDefault(name, Set.of()));
        boolean below = false;
        for (List<String> layer : LAYERS) {
            if (below) {
                usable.addAll(layer);
            }
            below |= layer.contains(name);
        }
        return usable.stream().map(n -> ENGINE + n + "..").toList();
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(MAIN);
    }

    @SafeVarargs
    private static void checkOutside(
            Set<String> packages, String because, DescribedPredicate<JavaAccess<?>>... forbidden) {
        DescribedPredicate<JavaAccess<?>> any = DescribedPredicate.alwaysFalse();
        for (DescribedPredicate<JavaAccess<?>> one : forbidden) {
            any = any.or(one);
        }
        check(noClasses()
                .that()
                .resideOutsideOfPackages(packages.toArray(String[]::new))
                .should()
                .accessTargetWhere(any.as("a call that only they may make"))
                .because(because));
    }

    /** Calls and method references of these methods of a class and its subclasses; of all methods if none is named. */
    private static DescribedPredicate<JavaAccess<?>> calls(Class<?> owner, String... names) {
        return call(target -> target.getOwner().isAssignableTo(owner) && (names.length == 0 || named(target, names)));
    }

    private static DescribedPredicate<JavaAccess<?>> call(Predicate<AccessTarget> test) {
        return describe("call", access -> test.test(access.getTarget()));
    }

    private static boolean in(AccessTarget target, String packageName) {
        return target.getOwner().getPackageName().equals(packageName);
    }

    private static boolean ownedBy(AccessTarget target, Class<?> owner) {
        return target.getOwner().isEquivalentTo(owner);
    }

    private static boolean named(AccessTarget target, String... names) {
        return Set.of(names).contains(target.getName());
    }

    private static boolean constructor(AccessTarget target) {
        return target instanceof AccessTarget.ConstructorCallTarget
                || target instanceof AccessTarget.ConstructorReferenceTarget;
    }

    /** Object.wait, not a method of the same name that takes something else. */
    private static boolean isObjectWait(AccessTarget target) {
        return named(target, "wait")
                && target instanceof AccessTarget.CodeUnitAccessTarget method
                && method.getRawParameterTypes().stream().allMatch(JavaClass::isPrimitive);
    }

    private static boolean isFile(JavaClass type) {
        return type.getSimpleName().startsWith("File") || type.getSimpleName().equals("RandomAccessFile");
    }

    private static boolean isFileChannel(JavaClass type) {
        return type.getSimpleName().contains("File");
    }

    private static boolean isSocketChannel(JavaClass type) {
        return Stream.of("Socket", "Datagram", "Network", "Select").anyMatch(type.getSimpleName()::contains);
    }

    private static boolean isMoreThanAnAddress(JavaClass type) {
        return !Set.of("URI", "URISyntaxException").contains(type.getSimpleName());
    }
}
