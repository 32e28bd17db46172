package dev.twintail.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActionNameTest {
  @Test
  void parse_ofWhatIsWritten_isTheSame() {
    for (ActionName name :
        List.of(
            ActionName.ofAll("results"),
            ActionName.ofRound("train-siamese", "ConvAux", 3),
            ActionName.ofStep("select", "lenet", 3))) {
      assertThat(ActionName.parse(name.toString())).isEqualTo(name);
    }
    assertThat(ActionName.ofRound("train-siamese", "ConvAux", 3))
        .hasToString("train-siamese/ConvAux/3");
    assertThat(ActionName.ofStep("select", "lenet", 3)).hasToString("select/lenet/step-3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "a/b/c", "a/b/1/2", "a/b/step-0"})
  void parse_noName_isRefused(String text) {
    assertThatThrownBy(() -> ActionName.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void compareTo_rounds_areNumbers() {
    assertThat(
            new TreeSet<>(
                List.of(
                    ActionName.ofRound("evaluate", "B", 1),
                    ActionName.ofRound("evaluate", "A", 10),
                    ActionName.ofRound("evaluate", "A", 2),
                    ActionName.ofAll("evaluate"))))
        .map(ActionName::toString)
        .containsExactly("evaluate", "evaluate/A/2", "evaluate/A/10", "evaluate/B/1");
  }
}
