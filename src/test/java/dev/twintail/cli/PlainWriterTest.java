package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class PlainWriterTest {
  private final StringWriter written = new StringWriter();
  private final PrintWriter out = new PrintWriter(new PlainWriter(written), true);

  @Test
  void print_whatATerminalObeys_isReplaced() {
    out.print("a\u001b[2Jb\u009bc\u0007d\re\u202ef\u0000");
    out.write('\u001b');
    out.write(new char[] {'x', '\u007f', 'y'}, 1, 2);

    assertThat(written.toString()).isEqualTo("a?[2Jb?c?d?e?f???y");
  }

  @Test
  void print_text_staysAsItIs() {
    String text = "größe\t1 → 2\r\n\uD83D\uDE00 done\n";

    out.print(text);

    assertThat(written.toString()).isEqualTo(text);
  }

  @Test
  void print_eraseAtTheBeginAlone_isObeyed() {
    out.print(PlainWriter.ERASE + "Copying" + PlainWriter.ERASE);

    assertThat(written.toString()).isEqualTo(PlainWriter.ERASE + "Copying??[K");
  }
}
