package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.app.Remedy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class AdviceTest {
  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** Documents for people, which tell by which command they are made anew. */
  private static final List<String> DOCUMENTS =
      List.of(
          "archive",
          "report",
          "app/ReportAction.java",
          "app/Study.java",
          // Its --runner is Beam's.
          "pipeline/BeamRunner.java");

  private static final Object[] EXPERIMENT = {"vieli2021 --rounds 2"};

  @Test
  void of_everyRemedy_hasWords() throws Exception {
    for (Class<?> remedy : Remedy.class.getPermittedSubclasses()) {
      Object[] arguments = remedy.getRecordComponents().length == 0 ? new Object[0] : EXPERIMENT;
      var constructor = remedy.getDeclaredConstructors()[0];

      assertThat(Advice.of((Remedy) constructor.newInstance(arguments), new Given("", "")))
          .isNotBlank();
    }
  }

  /** A library does not know what its user is called, nor by which options it was asked. */
  @Test
  void libraries_nameNoCommandAndNoOption() throws IOException {
    Pattern ours = Pattern.compile(String.join("|", words()));
    List<String> found = new ArrayList<>();
    for (Path file : libraries()) {
      for (String line : Files.readAllLines(file)) {
        Matcher literal = LITERAL.matcher(line);
        while (!line.strip().startsWith("*") && literal.find()) {
          if (ours.matcher(literal.group(1)).find()) {
            found.add(file.getFileName() + ": " + line.strip());
          }
        }
      }
    }

    assertThat(found).isEmpty();
  }

  /** Nobody but a programmer knows what a NoSuchFileException is; --debug is for those. */
  @Test
  void sources_tellNobodyTheNameOfAJavaClass() throws IOException {
    Pattern named = Pattern.compile("getSimpleName\\(\\)|getClass\\(\\)\\.getName\\(\\)");
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        if (named.matcher(Files.readString(file)).find()) {
          found.add(file.toString());
        }
      }
    }

    assertThat(found).isEmpty();
  }

  /** Returns the commands after the program's name, and their options. */
  private static Set<String> words() {
    Set<String> words = new TreeSet<>();
    Main.root(new String[0])
        .getSubcommands()
        .forEach(
            (name, command) -> {
              words.add("twintail " + name + "\\b");
              command.getCommandSpec().options().stream()
                  .map(CommandLine.Model.OptionSpec::longestName)
                  .filter(option -> option.startsWith("--"))
                  .forEach(option -> words.add(option + "(?![-\\w])"));
            });
    return words;
  }

  private static List<Path> libraries() throws IOException {
    Path sources = Path.of("src", "main", "java", "dev", "twintail");
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .filter(f -> f.toString().endsWith(".java"))
          .filter(f -> !f.startsWith(sources.resolve("cli")))
          .filter(f -> DOCUMENTS.stream().noneMatch(d -> f.startsWith(sources.resolve(d))))
          .sorted()
          .toList();
    }
  }
}
