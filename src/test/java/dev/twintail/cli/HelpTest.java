package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What {@code --help} says of each command. */
class HelpTest {
  private static final int SCREEN = 24;
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  static Stream<String> names() {
    return Main.names().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void help_everyCommand_fitsAScreenBeforeTheOptions(String name) {
    List<String> lines = Cli.run("help", name).out().lines().toList();

    assertThat(lines).contains("Examples:", "Options:");
    assertThat(lines.indexOf("Options:")).isLessThanOrEqualTo(SCREEN);
    assertThat(lines.indexOf("Examples:")).isLessThan(lines.indexOf("Options:"));
    assertThat(lines).allMatch(line -> line.length() <= 80);
  }

  @ParameterizedTest
  @MethodSource("names")
  void examples_everyCommand_areCommandLinesThatItTakes(String name) {
    CommandLine command = Main.root(new String[0]).getSubcommands().get(name);

    String[] examples = command.getCommandSpec().usageMessage().footer();

    assertThat(examples).isNotEmpty();
    for (String example : examples) {
      String line = example.replaceFirst("^source <\\((.*?)\\).*", "$1").split(" {2,}| [|>&] ")[0];
      assertThat(line).startsWith("twintail ");
      String[] words = words(line);
      // Another command may be what comes next.
      assertThat(Main.root(words).parseArgs(words).errors()).as(line).isEmpty();
      assertThat(List.of(name, "run", "results")).contains(words[0]);
    }
  }

  private static String[] words(String line) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line.substring("twintail ".length()));
    while (matcher.find()) {
      words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }
    return words.toArray(String[]::new);
  }
}
