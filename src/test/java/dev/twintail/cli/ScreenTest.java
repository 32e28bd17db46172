package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScreenTest {
  private static final String PAGE =
      """
      # A page of two models

      | | model | accuracy | why |
      |---:|---|---:|---|
      | 1 | One | 90.00 (1.00) | a reason that is long \\| wide |
      | 2 | Another | 8.00 |  |

      Some words that are longer than the terminal is wide.
      """;

  @Test
  void of_wideEnough_showsAllColumns() {
    assertThat(Screen.of(PAGE, 80))
        .isEqualTo(
            """
            # A page of two models

               model    accuracy      why
            1  One      90.00 (1.00)  a reason that is long | wide
            2  Another  8.00

            Some words that are longer than the terminal is wide.
            """);
  }

  @Test
  void of_narrow_leavesColumnsOutAndWraps() {
    assertThat(Screen.of(PAGE, 40))
        .isEqualTo(
            """
            # A page of two models

               model    accuracy
            1  One      90.00 (1.00)
            2  Another  8.00

            Left out, since the terminal is narrow:
            why.

            Some words that are longer than the
            terminal is wide.
            """);
  }
}
