package dev.twintail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twintail.check.JunitSchema;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.store.StoreContents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

class CheckCommandTest {
  /** A store that holds the whole tiny experiment; not to be changed. */
  @TempDir private static Path full;

  @TempDir private static Path made;
  private static String text;
  private static String lock;
  private static String verdicts;

  @TempDir private Path folder;

  @BeforeAll
  static void fill() throws IOException {
    text = TinyExperiment.text();
    Path spec = TinyExperiment.write(made, "tiny.yaml", text);
    assertThat(Cli.runOn(spec, full, "--lock").exitCode()).isZero();
    Cli.Result check = Cli.run("check", spec, "--store", full, "--accept");
    assertThat(check.exitCode()).isZero();
    assertThat(check.err()).endsWith("tiny.verdicts.tsv: written, 2 claims\n");
    lock = Files.readString(made.resolve("tiny.lock"));
    verdicts = Files.readString(made.resolve("tiny.verdicts.tsv"));
  }

  /** Checks in a folder of its own, with all three files. */
  private Cli.Result check(String specText, String verdictsText, Path store) throws IOException {
    Path spec = TinyExperiment.write(folder, "tiny.yaml", specText);
    Files.writeString(folder.resolve("tiny.verdicts.tsv"), verdictsText);
    return Cli.run(
        "check",
        spec,
        "--store",
        store,
        "--junit",
        folder.resolve("out/junit.xml"),
        "--summary",
        folder.resolve("out/summary.md"),
        "--verdict",
        folder.resolve("out/verdict.json"));
  }

  private String written(String name) throws IOException {
    return Files.readString(folder.resolve("out").resolve(name));
  }

  @Test
  void check_asExpected_isGreenInAllFiles() throws IOException, SAXException {
    Files.writeString(folder.resolve("tiny.lock"), lock);

    Cli.Result check = check(text, verdicts, full);

    assertThat(check.exitCode()).isZero();
    assertThat(check.err()).isEmpty();
    assertThat(check.out())
        .isEqualTo("tiny, 2 rounds: claims: 2 of 2 as expected; lock: 51 of 51 as expected\n");
    Element root = JunitSchema.validated(written("junit.xml")).getDocumentElement();
    assertThat(root.getAttribute("tests")).isEqualTo("53");
    assertThat(root.getAttribute("failures")).isEqualTo("0");
    assertThat(written("summary.md")).startsWith("## tiny, 2 rounds: as expected\n");
    JsonNode verdict = new ObjectMapper().readTree(written("verdict.json"));
    assertThat(verdict.get("asExpected").asBoolean()).isTrue();
  }

  @Test
  void check_twice_writesTheSameBytes() throws IOException {
    check(text, verdicts, full);
    String before = written("junit.xml") + written("summary.md") + written("verdict.json");

    check(text, verdicts, StoreContents.copy(full, folder.resolve("store")));

    assertThat(written("junit.xml") + written("summary.md") + written("verdict.json"))
        .isEqualTo(before)
        .doesNotContain(folder.toString(), full.toString());
  }

  @Test
  void check_publishedValueChangedByHand_isRedAndSaysWhich() throws IOException, SAXException {
    String broken = TinyExperiment.edited("accuracy: 55.0", "accuracy: 56.0");
    Path store = StoreContents.copy(full, folder.resolve("store"));
    assertThat(
            Cli.run("run", TinyExperiment.write(folder, "tiny.yaml", broken), "--store", store)
                .exitCode())
        .isZero();

    Cli.Result check = check(broken, verdicts, store);

    assertThat(check.exitCode()).isEqualTo(ExitCode.NOT_REPRODUCED);
    String which = "Pixels, Table 1: published: 55 (2.5) of 10 rounds → 56 (2.5) of 10 rounds";
    assertThat(check.err())
        .startsWith("twintail: tiny.verdicts.tsv does not hold: 1 difference;")
        .contains("  " + which);
    Element failure =
        (Element)
            JunitSchema.validated(written("junit.xml")).getElementsByTagName("failure").item(0);
    assertThat(failure.getAttribute("message")).startsWith(which);
    assertThat(written("summary.md")).contains("claims: **Pixels, Table 1**: published: 55 (2.5)");
    assertThat(written("verdict.json")).contains("\"asExpected\" : false");
  }

  @Test
  void check_expectedVerdictChangedByHand_isRed() throws IOException {
    String others = verdicts.substring(0, verdicts.lastIndexOf('\t')) + "\treproduced\n";

    Cli.Result check = check(text, others, full);

    assertThat(check.exitCode()).isEqualTo(ExitCode.NOT_REPRODUCED);
    assertThat(check.err()).containsPattern("verdict: reproduced → [a-z]+\n");
  }

  @Test
  void check_lockedBytesAreOthers_isRedAndSaysWhich() throws IOException, SAXException {
    int at = lock.indexOf("  weights.safetensors ", lock.indexOf("action train-siamese/Logits/2"));
    char digit = lock.charAt(at + 22);
    Files.writeString(
        folder.resolve("tiny.lock"),
        lock.substring(0, at + 22) + (digit == '0' ? '1' : '0') + lock.substring(at + 23));

    Cli.Result check = check(text, verdicts, full);

    assertThat(check.exitCode()).isEqualTo(ExitCode.NOT_REPRODUCED);
    assertThat(check.out()).contains("lock: 50 of 51 as expected");
    Element failure =
        (Element)
            JunitSchema.validated(written("junit.xml")).getElementsByTagName("failure").item(0);
    assertThat(failure.getAttribute("message"))
        .matches(
            "train-siamese/Logits/2: weights.safetensors: [0-9a-f]{12}… → [0-9a-f]{12}… \\(of the"
                + " same key\\)");
  }

  @Test
  void check_withoutVerdictsOrLockOrResults_saysWhatToDo() throws IOException {
    Path spec = TinyExperiment.write(folder, "other.yaml", text);

    Cli.Result noVerdicts = Cli.run("check", spec, "--store", full);
    Cli.Result noLock = Cli.run("check", spec, "--store", full, "--locked");
    Cli.Result noResults =
        Cli.run("check", spec, "--store", Cli.emptyStore(folder.resolve("empty")));
    Cli.Result part = Cli.run("check", spec, "--store", full, "--rounds", 1);

    assertThat(noVerdicts.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(noVerdicts.err())
        .contains("other.verdicts.tsv: no such file; make it with: twintail check ", "--accept");
    assertThat(noLock.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(noLock.err()).contains("other.lock: no such file");
    assertThat(noResults.exitCode()).isEqualTo(ExitCode.NO_RESULTS);
    assertThat(part.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(part.err()).contains("Unknown option: '--rounds'");
    assertThat(Cli.run("check", "--help").out()).doesNotContain("--only", "--rounds");
  }
}
