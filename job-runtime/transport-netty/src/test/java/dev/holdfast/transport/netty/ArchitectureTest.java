package dev.holdfast.transport.netty;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The wall around the network. That nobody else uses Netty is tested in engine and launcher. */
class ArchitectureTest {
    private static final JavaClasses MAIN = new ClassFileImporter(List.of(new ImportOption.DoNotIncludeTests()))
            .importPackages("dev.holdfast.transport");

    @Test
    void knowsTheEnvAndNothingElseOfTheEngine() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.holdfast.transport..",
                        "dev.holdfast.api",
                        "dev.holdfast.engine.env",
                        "io.netty..",
                        "java..",
                        "javax.crypto..",
                        "javax.net.ssl..",
                        "org.jspecify.annotations..")
                .because("it carries bytes; what they mean is for engine.protocol and engine.exchange")
                .check(MAIN);
    }
}
