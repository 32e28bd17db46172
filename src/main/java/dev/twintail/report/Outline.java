package dev.twintail.report;

import dev.twintail.report.chart.Diagram;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * What a report says besides the numbers of its tables: the words of the specs, the shape of the
 * pipeline, and the names and digests of artifacts.
 *
 * @param name the experiment's
 * @param claimsRemark what is to be known of all published numbers; may be empty
 * @param arguments what names these results in a command, such as {@code vieli2021 --rounds 3}
 * @param models in the order of the results
 * @param asRun the authors' protocol; empty if its results are not at hand
 * @param asRunRemedy how to get them; empty where there is no such protocol, or it is there
 * @param quirks what the as-run protocol does otherwise, one line each
 * @param environment what the bits of the training depend on
 * @param artifacts the SHA-256 of everything that the experiment made, by name
 * @param links addresses on the web by what is there, such as {@code code}
 * @param proof how well all that is verified
 */
public record Outline(
    String name,
    String title,
    String source,
    Optional<String> claimsRemark,
    String arguments,
    int rounds,
    List<OutlinedModel> models,
    Optional<AsRun> asRun,
    String asRunRemedy,
    List<String> quirks,
    Workflow workflow,
    Map<String, String> environment,
    SortedMap<String, String> artifacts,
    Data data,
    Map<String, String> links,
    Proof proof) {

  /**
   * What is learnt from.
   *
   * @param digits the name of the images
   * @param validationPairs how many of the training pairs are not learnt from
   */
  public record Data(
      String digits, int classes, int trainPairs, int testPairs, int validationPairs) {}

  /** A model's words and the layers of its network. */
  public record OutlinedModel(ClaimsPage.ClaimedModel words, Drawing network) {
    String name() {
      return words.name();
    }
  }

  /**
   * The authors' protocol.
   *
   * @param arguments what names its results in a command
   * @param digests of its tables, by name
   */
  public record AsRun(
      String name,
      String arguments,
      List<ClaimsPage.ClaimedModel> models,
      SortedMap<String, String> digests) {
    public AsRun {
      models = List.copyOf(models);
      digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
    }
  }

  /** Boxes and arrows between them. */
  public record Drawing(List<Diagram.Block> boxes, List<Diagram.Arrow> arrows) {
    public Drawing {
      boxes = List.copyOf(boxes);
      arrows = List.copyOf(arrows);
    }
  }

  /**
   * The graph of actions.
   *
   * @param actions how many there are of each stage, in the order of the stages
   * @param arrows between stages, by their places in {@code actions}
   * @param perModel how many actions of each stage a model needs, shared ones included
   */
  public record Workflow(
      Map<String, Integer> actions,
      List<Diagram.Arrow> arrows,
      Map<String, Map<String, Integer>> perModel) {
    public Workflow {
      actions = Collections.unmodifiableMap(new LinkedHashMap<>(actions));
      arrows = List.copyOf(arrows);
      perModel = Collections.unmodifiableMap(new LinkedHashMap<>(perModel));
    }

    int total() {
      return actions.values().stream().mapToInt(n -> n).sum();
    }
  }

  public Outline {
    models = List.copyOf(models);
    quirks = List.copyOf(quirks);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    artifacts = Collections.unmodifiableSortedMap(new TreeMap<>(artifacts));
    links = Collections.unmodifiableMap(new LinkedHashMap<>(links));
  }

  /** Tells everything that is in it but the digests, as paths and values, each path once. */
  public void describe(BiConsumer<String, String> parameter) {
    parameter.accept("name", name);
    parameter.accept("title", title);
    parameter.accept("source", source);
    claimsRemark.ifPresent(remark -> parameter.accept("claims-remark", remark));
    parameter.accept("arguments", arguments);
    parameter.accept("rounds", Integer.toString(rounds));
    for (int i = 0; i < models.size(); i++) {
      describe("model." + i, models.get(i).words(), parameter);
      describe("model." + i + ".network", models.get(i).network(), parameter);
    }
    parameter.accept("as-run", asRun.isPresent() ? "known" : "unknown");
    asRun.ifPresent(
        a -> {
          parameter.accept("as-run.name", a.name());
          parameter.accept("as-run.arguments", a.arguments());
          for (int i = 0; i < a.models().size(); i++) {
            describe("as-run.model." + i, a.models().get(i), parameter);
          }
        });
    parameter.accept("as-run.remedy", asRunRemedy);
    for (int i = 0; i < quirks.size(); i++) {
      parameter.accept("quirk." + i, quirks.get(i));
    }
    int stage = 0;
    for (Map.Entry<String, Integer> entry : workflow.actions().entrySet()) {
      parameter.accept("stage." + stage + ".name", entry.getKey());
      parameter.accept("stage." + stage++ + ".actions", Integer.toString(entry.getValue()));
    }
    describe("stage", workflow.arrows(), parameter);
    workflow
        .perModel()
        .forEach(
            (model, counts) ->
                counts.forEach(
                    (name, count) ->
                        parameter.accept(
                            "actions/" + model + "/" + name, Integer.toString(count))));
    environment.forEach((key, value) -> parameter.accept("environment." + key, value));
    parameter.accept("data.digits", data.digits());
    parameter.accept("data.classes", Integer.toString(data.classes()));
    parameter.accept("data.train-pairs", Integer.toString(data.trainPairs()));
    parameter.accept("data.test-pairs", Integer.toString(data.testPairs()));
    parameter.accept("data.validation-pairs", Integer.toString(data.validationPairs()));
    links.forEach((what, address) -> parameter.accept("link." + what, address));
    parameter.accept("proof", proof.words());
  }

  private static void describe(
      String path, ClaimsPage.ClaimedModel model, BiConsumer<String, String> parameter) {
    parameter.accept(path + ".name", model.name());
    parameter.accept(path + ".parameters", Integer.toString(model.parameters()));
    parameter.accept(path + ".remark", model.remark());
    int claim = 0;
    for (Map.Entry<ClaimsPage.ClaimedPlace, String> remark : model.claimRemarks().entrySet()) {
      parameter.accept(path + ".claim." + claim + ".split", remark.getKey().split());
      parameter.accept(path + ".claim." + claim + ".where", remark.getKey().where());
      parameter.accept(path + ".claim." + claim++ + ".remark", remark.getValue());
    }
  }

  private static void describe(String path, Drawing drawing, BiConsumer<String, String> parameter) {
    for (int i = 0; i < drawing.boxes().size(); i++) {
      Diagram.Block box = drawing.boxes().get(i);
      parameter.accept(path + "." + i + ".title", box.title());
      parameter.accept(path + "." + i + ".figure", box.figure());
      for (int j = 0; j < box.lines().size(); j++) {
        parameter.accept(path + "." + i + "." + j + ".words", box.lines().get(j).words());
        parameter.accept(path + "." + i + "." + j + ".figure", box.lines().get(j).figure());
      }
    }
    describe(path, drawing.arrows(), parameter);
  }

  private static void describe(
      String path, List<Diagram.Arrow> arrows, BiConsumer<String, String> parameter) {
    for (int i = 0; i < arrows.size(); i++) {
      parameter.accept(path + ".arrow." + i, arrows.get(i).from() + " to " + arrows.get(i).to());
    }
  }
}
