package dev.twintail;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.twintail.blob.Digest;
import dev.twintail.data.DigitsUnavailableException;
import dev.twintail.stage.OutputDifference;
import dev.twintail.stage.Scope;
import dev.twintail.stage.Stage;
import dev.twintail.stage.StageName;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keeps the directions between packages, and each heavy library behind one package. */
class ArchitectureTest {
  private static final String ROOT = "dev.twintail";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @ParameterizedTest(name = "{0} sees only [{1}]")
  @CsvSource({
    "blob, ''",
    "network, ''",
    "random, blob",
    "net, ''",
    "data, blob net random",
    "json, ''",
    "result, ''",
    "stats, random",
    "spec, blob network",
    "model, network random",
    "store, blob net",
    "concurrent, ''",
    "action, blob concurrent store",
    "trust, action blob store",
    "record, action blob concurrent json store trust",
    "upkeep, action blob concurrent record store trust",
    "workspace, action record store trust",
    "stage, blob data model network random result spec stats",
    "plan, action blob concurrent model network random record spec stage store workspace",
    "verify, action blob concurrent model plan random record spec stage store trust workspace",
    "pipeline, action blob concurrent model plan record result spec stage store workspace",
    "report, result stats",
    "check, json result",
    "archive, blob json network spec",
    "app, action archive blob check concurrent data model network pipeline plan random record report"
        + " result spec stage store trust upkeep verify workspace",
  })
  void package_dependsOn_onlyWhatTheDesignAllows(String name, String allowed) {
    String[] packages =
        Stream.concat(Stream.of(name), Arrays.stream(allowed.split(" ")))
            .filter(p -> !p.isEmpty())
            .map(p -> ROOT + "." + p + "..")
            .toArray(String[]::new);
    DescribedPredicate<JavaClass> ours = resideInAnyPackage(ROOT + "..");
    classes()
        .that()
        .resideInAPackage(ROOT + "." + name + "..")
        .should()
        .onlyDependOnClassesThat(
            DescribedPredicate.not(ours).or(resideInAnyPackage(packages)).as("allowed packages"))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @ParameterizedTest(name = "only {0} imports {1}")
  @CsvSource({
    "model, org.nd4j..",
    "model, org.deeplearning4j..",
    "model, org.bytedeco..",
    "result, org.apache.arrow..",
    "pipeline, org.apache.beam..",
    "spec, org.snakeyaml..",
    "cli, picocli..",
    "store.s3, software.amazon..",
    "random, org.apache.commons.rng..",
  })
  void library_isImported_byOnePackage(String name, String library) {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "." + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(CLASSES);
  }

  /** What the facade hands out may be named; how it is stored and computed may not. */
  @Test
  void commands_seeNoStoreBlobOrStage_butWhatTheFacadeHandsOut() {
    DescribedPredicate<JavaClass> inside =
        resideInAnyPackage(
            Stream.of(
                    "blob",
                    "concurrent",
                    "data",
                    "network",
                    "model",
                    "random",
                    "stage",
                    "store",
                    "workspace")
                .map(p -> ROOT + "." + p + "..")
                .toArray(String[]::new));
    DescribedPredicate<JavaClass> handedOut =
        belongToAnyOf(Digest.class, DigitsUnavailableException.class, Stage.class, StageName.class)
            .or(assignableTo(OutputDifference.class))
            .or(assignableTo(Scope.class));
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".cli..")
        .should()
        .dependOnClassesThat(inside.and(DescribedPredicate.not(handedOut)))
        .check(CLASSES);
  }

  /** A JVM may replace these by its processor's own, whose last bits are other. */
  @Test
  void mathematics_whoseBitsMayVary_isNotCalled() {
    String functions =
        "sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|exp|expm1|log|log10|log1p|pow|cbrt|hypot";
    noClasses()
        .should()
        .callMethodWhere(target(owner(type(Math.class))).and(target(nameMatching(functions))))
        .check(CLASSES);
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
