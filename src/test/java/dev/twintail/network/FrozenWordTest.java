package dev.twintail.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.twintail.model.Trainer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the words in keys, and that nothing else of ours gets into keys. */
class FrozenWordTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.twintail");

  @Test
  void keyWord_ofEveryConstant_neverChanges() {
    Map<String, String> words = new TreeMap<>();
    for (JavaClass type : CLASSES) {
      if (type.isEnum() && type.isAssignableTo(FrozenWord.class)) {
        words.put(
            type.getSimpleName(),
            Arrays.stream(type.reflect().getEnumConstants())
                .map(constant -> ((FrozenWord) constant).keyWord())
                .collect(Collectors.joining(" ")));
      }
    }

    assertThat(words)
        .isEqualTo(
            new TreeMap<>(
                Map.ofEntries(
                    Map.entry("Accuracy", "PAIRS BATCHES"),
                    Map.entry("Branches", "SHARED SEPARATE MERGED"),
                    Map.entry("DigitRelation", "AT_MOST LESS"),
                    Map.entry("Deviation", "SAMPLE POPULATION"),
                    Map.entry("ChoicePairs", "VALIDATION TEST"),
                    Map.entry("Conditions", "COMMON AS_RUN OTHER"),
                    Map.entry("DigitLosses", "CROSS_ENTROPY DOUBLE_SOFTMAX"),
                    Map.entry("Draw", "EVERY_ROUND FIRST_ROUND"),
                    Map.entry("Head", "LOGITS SOFTMAX ARGMAX ARITHMETIC SOFT_ARITHMETIC"),
                    Map.entry("Mix", "SUM COIN"),
                    Map.entry("Pairing", "FIXED EVERY_EPOCH"),
                    Map.entry("ModelsShare", "NOTHING PAIRS"),
                    Map.entry("SharedAcrossRounds", "NOTHING DRAW WEIGHTS"),
                    Map.entry("Split", "TEST TRAIN"),
                    Map.entry("RoundStart", "FRESH PREVIOUS_ROUND"),
                    Map.entry("State", "KEPT RESTARTED"),
                    Map.entry("Validation", "RANDOM LAST"))));
  }

  @Test
  void keyWord_ofEveryLayer_neverChanges() {
    Layer relu = new Layer.Relu();
    List<Layer> layers =
        List.of(
            new Layer.Conv(1, 32, 3, 0),
            new Layer.Conv(32, 64, 5, 2),
            new Layer.MaxPool(2),
            relu,
            new Layer.LeakyRelu(),
            new Layer.Sigmoid(),
            new Layer.Tanh(),
            new Layer.Dropout(0.5),
            new Layer.Dropout(0),
            new Layer.Dropout(0.1 + 0.2),
            new Layer.BatchNorm(32, Layer.BatchNorm.Statistics.EACH_IMAGE),
            new Layer.BatchNorm(7, Layer.BatchNorm.Statistics.POOLED),
            new Layer.Flatten(),
            new Layer.Linear(256, 200),
            new Layer.Tied(3, List.of(new Layer.Linear(8, 8), relu)),
            new Layer.Residual(List.of(relu, new Layer.Tanh())),
            new Layer.Shared(List.of(relu), Layer.Shared.Spare.NONE),
            new Layer.Shared(List.of(relu), Layer.Shared.Spare.SECOND_BODY));

    assertThat(layers.stream().map(Layer::keyWord))
        .containsExactly(
            "conv 1 -> 32 3x3",
            "conv 32 -> 64 5x5 pad 2",
            "max-pool 2",
            "relu",
            "leaky-relu",
            "sigmoid",
            "tanh",
            "dropout 0.5",
            "dropout 0.0",
            "dropout 0.30000000000000004",
            "batch-norm 32",
            "batch-norm 7 pooled",
            "flatten",
            "linear 256 -> 200",
            "tied 3: [linear 8 -> 8, relu]",
            "residual: [relu, tanh]",
            "shared: [relu]",
            "shared-by-accident: [relu]");
    assertThat(Arrays.stream(Layer.class.getPermittedSubclasses()))
        .allMatch(type -> layers.stream().anyMatch(type::isInstance));
    assertThat(new Shape.Image(1, 14, 14).keyWord()).isEqualTo("1×14×14");
    assertThat(new Shape.Vector(10).keyWord()).isEqualTo("10 features");
  }

  /**
   * What a trainer tells of itself are words of its own, pinned by its tests. To choose among them
   * it asks layers for shapes, which may complain in texts.
   */
  @Test
  void describe_andAllThatItCalls_useNoNameOfAConstantAndNoTextForPeople() {
    Deque<JavaCodeUnit> open = new ArrayDeque<>();
    for (JavaClass type : CLASSES) {
      type.getMethods().stream()
          .filter(m -> m.getName().equals("describe") || m.getName().equals("keyWord"))
          .filter(m -> type.getPackageName().matches("dev\\.twintail\\.(network|stage)"))
          .forEach(open::add);
    }
    open.addAll(CLASSES.get("dev.twintail.plan.Preimages").getMethods());
    open.addAll(CLASSES.get("dev.twintail.action.Preimage").getConstructors());
    Set<JavaCodeUnit> reached = new LinkedHashSet<>();
    List<String> wrong = new ArrayList<>();
    while (!open.isEmpty()) {
      JavaCodeUnit unit = open.remove();
      if (!reached.add(unit)) {
        continue;
      }
      List<JavaAccess<?>> accesses = new ArrayList<>(unit.getCallsFromSelf());
      accesses.addAll(unit.getMethodReferencesFromSelf());
      for (JavaAccess<?> access : accesses) {
        JavaClass owner = access.getTargetOwner();
        boolean ours = owner.getPackageName().startsWith("dev.twintail");
        if (isText(access, ours)) {
          wrong.add(access.getDescription());
        } else if (ours && !owner.isEquivalentTo(Trainer.class)) {
          targets(access).forEach(open::add);
        }
      }
    }

    assertThat(reached.stream().map(JavaCodeUnit::getFullName))
        .anyMatch(name -> name.contains("Layer$Dropout.keyWord"))
        .anyMatch(name -> name.contains("LearningColumns.describe"))
        .anyMatch(name -> name.contains("Preimage$Field.line"));
    assertThat(wrong).isEmpty();
  }

  /** Whether a constant's name, or an object as text, is asked for. */
  private static boolean isText(JavaAccess<?> access, boolean ours) {
    JavaClass owner = access.getTargetOwner();
    return switch (access.getName()) {
      case "name" -> owner.isAssignableTo(Enum.class);
      case "toString", "text" ->
          (ours && !owner.getFullName().startsWith("dev.twintail.action.Preimage"))
              || owner.isEquivalentTo(Object.class)
              || owner.isEquivalentTo(Enum.class);
      case "word" -> owner.isAssignableTo(FrozenWord.class);
      case "valueOf" -> owner.isEquivalentTo(String.class);
      default -> false;
    };
  }

  /** Returns the methods that a call may run: the one it names, and those that override it. */
  private static Stream<JavaCodeUnit> targets(JavaAccess<?> access) {
    return Stream.concat(
            Stream.of(access.getTargetOwner()), access.getTargetOwner().getAllSubclasses().stream())
        .flatMap(
            type ->
                Stream.<JavaCodeUnit>concat(
                    type.getMethods().stream().filter(m -> matches(m, access)),
                    type.getConstructors().stream()
                        .filter(c -> access.getName().equals(c.getName()))));
  }

  private static boolean matches(JavaMethod method, JavaAccess<?> access) {
    return method.getName().equals(access.getName());
  }
}
