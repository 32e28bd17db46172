package dev.twintail.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkdownTest {
  @Test
  void inline_ofTextThatWouldEndACellOrStartATag_isText() {
    assertThat(Markdown.inline("a | b\r\nc <script>, <!-- </td>"))
        .isEqualTo("a \\| b c &lt;script>, &lt;!-- &lt;/td>");
  }

  @Test
  void inline_ofPlainText_isTheText() {
    String plain = "p < 0.0001, α ≤ β, 5<6 & *more*";
    assertThat(Markdown.inline(plain)).isEqualTo(plain);
  }

  @Test
  void row_ofTextsWithBarsAndBreaks_hasAsManyCellsAsTexts() {
    Markdown page = new Markdown();
    page.row("Table 1 | left", "", "two\nlines");
    assertThat(page.toString()).isEqualTo("| Table 1 \\| left |  | two lines |\n");
  }
}
