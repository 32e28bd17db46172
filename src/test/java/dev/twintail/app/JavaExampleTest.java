package dev.twintail.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.data.MnistFixture;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.result.Table;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of {@code docs/java.md}, as it stands there. */
class JavaExampleTest {
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder;

  @Test
  void example_onANewStore_runsThenReusesAndPrintsTheTable() throws Exception {
    Path classes = compile(example());
    Path store = folder.resolve("store");

    List<String> first = run(classes, store);
    List<String> second = run(classes, store);

    List<String> expected = new ArrayList<>();
    Study study = Study.read(TinyExperiment.spec()).rounds(1);
    try (Session session = Session.at(store.toString()).open()) {
      assertThat(first.get(0))
          .isEqualTo(session.plan(study).graph().nodes().size() + " actions are pending");
      Table table = session.results(study).table("evaluations.arrow");
      for (int i = 0; i < table.rows(); i++) {
        expected.add(table.strings("model").get(i) + " " + table.doubles("accuracy")[i]);
      }
    }
    assertThat(second.get(0)).isEqualTo("0 actions are pending");
    assertThat(expected).hasSize(study.experiment().rows().size());
    assertThat(first.subList(1, first.size())).isEqualTo(expected);
    assertThat(second.subList(1, second.size())).isEqualTo(expected);
  }

  private static String example() throws Exception {
    Matcher block = BLOCK.matcher(Files.readString(Path.of("docs", "java.md")));
    assertThat(block.find()).isTrue();
    return block.group(1);
  }

  private Path compile(String source) throws Exception {
    Path file = folder.resolve("Accuracies.java");
    Files.writeString(file, source);
    Path classes = Files.createDirectory(folder.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter problems = new StringWriter();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      boolean compiled =
          compiler
              .getTask(
                  problems,
                  files,
                  null,
                  List.of(
                      "-proc:none",
                      "-d",
                      classes.toString(),
                      "-cp",
                      System.getProperty("java.class.path")),
                  null,
                  files.getJavaFileObjects(file))
              .call();
      assertThat(compiled).as(problems.toString()).isTrue();
    }
    return classes;
  }

  private static List<String> run(Path classes, Path store) throws Exception {
    PrintStream screen = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {classes.toUri().toURL()}, JavaExampleTest.class.getClassLoader())) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      var main = loader.loadClass("Accuracies").getDeclaredMethod("main", String[].class);
      main.setAccessible(true);
      String[] arguments = {
        store.toString(), TinyExperiment.spec().toString(), MnistFixture.folder().toString()
      };
      main.invoke(null, (Object) arguments);
    } finally {
      System.setOut(screen);
    }
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
