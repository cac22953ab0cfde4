package dev.holdfast.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The wall around the API: a job author gets these classes and the JDK, nothing else. */
class ArchitectureTest {

    private static final JavaClasses MAIN =
            new ClassFileImporter(List.of(new ImportOption.DoNotIncludeTests())).importPackages("dev.holdfast.api");

    @Test
    void dependsOnTheJdkOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.holdfast.api..", "java..", "org.jspecify.annotations..")
                .because("jobs compile against the API, and must not meet its libraries; move the code to the engine")
                .allowEmptyShould(true)
                .check(MAIN);
    }
}
