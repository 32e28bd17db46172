package dev.twintail.cli;

import dev.twintail.app.Patterns;
import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.json.JsonObject;
import dev.twintail.plan.ActionPattern;
import dev.twintail.plan.Explainer;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.record.Provenance;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code explain}: why actions are pending, or who made them. */
@Command(
    name = "explain",
    description = {
      "Tells why actions are pending, or which run made what is reused, and why.",
      "An action is executed because its key differs from that of the nearest earlier one: tells"
          + " how, down to the first cause. That is one of the same model of the same spec; if there"
          + " is none, the model and spec are named. The 50 newest runs are looked at."
    },
    footer = {
      "twintail explain vieli2021 train-siamese/ConvAux/3",
      "twintail explain vieli2021 ConvAux 'evaluate/*/1'",
      "twintail explain vieli2021 0a1b2c3d4e         the first digits of a key",
    })
final class ExplainCommand extends StudyCommand {
  private static final Pattern LAST_ROUND =
      Pattern.compile("(?<action>.*[^/].*)/(?:round-)?0*(?<round>[0-9]{1,6})");

  /** How many actions that one waits for are told by name. */
  private static final int SHOWN = 5;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "ACTION",
      description = {
        "Such as train-siamese/ConvAux/3, a part of such a name, such as "
            + "ConvAux or evaluate/3, a glob, or the first digits of a key."
      })
  private List<String> patterns = new ArrayList<>();

  /**
   * What is told of an action.
   *
   * @param lines why it is pending, or who made what is reused, and then why
   */
  private record Told(
      Graph.Node node, boolean reused, List<String> lines, Optional<Provenance> made) {}

  /** Actions of which the same is told, but for the round and the time. */
  private record Alike(
      String stage, Collection<String> models, boolean reused, List<String> lines) {}

  @Override
  int call(Study study, Session session) throws Exception {
    Plan plan = session.survey(study);
    Explainer explainer = session.explainer(study);
    Set<Graph.Node> wanted = new LinkedHashSet<>();
    for (String pattern : Patterns.split(patterns)) {
      wanted.addAll(matching(pattern, plan));
    }
    if (json().isGiven()) {
      List<JsonObject> actions = new ArrayList<>();
      for (Graph.Node node : wanted) {
        actions.add(json(node, plan, explainer, session));
      }
      json().print(new JsonObject().put("actions", actions));
      return ExitCode.OK;
    }
    Map<Alike, List<Told>> groups = new LinkedHashMap<>();
    for (Graph.Node node : wanted) {
      Told told =
          told(
              plan,
              node,
              explainer,
              session,
              n -> Reasons.group(n.stage().name().label(), n.models()));
      groups
          .computeIfAbsent(
              new Alike(node.stage().name().label(), node.models(), told.reused(), told.lines()),
              g -> new ArrayList<>())
          .add(told);
    }
    for (Map.Entry<Alike, List<Told>> group : groups.entrySet()) {
      if (group.getValue().size() == 1) {
        Graph.Node node = group.getValue().get(0).node();
        print(told(plan, node, explainer, session, n -> n.name().toString()), plan);
      } else {
        print(group.getKey(), group.getValue());
      }
    }
    return ExitCode.OK;
  }

  /** Returns the actions that the user means. */
  static List<Graph.Node> matching(String pattern, Plan plan) {
    List<Graph.Node> found = pattern(pattern).matching(plan);
    if (found.isEmpty()) {
      requireRound(pattern, plan);
      List<Graph.Node> nodes = plan.graph().nodes();
      throw new UsageException(
          "Cannot find the action '"
              + pattern
              + "': expected STAGE/MODEL/ROUND, such as "
              + nodes.get(0).name()
              + " or "
              + nodes.get(Math.max(0, nodes.size() - 2)).name()
              + ", a part of it, or the first six or more digits of a key");
    }
    return found;
  }

  /** Tells of a round that there is not, where all else of the name is right. */
  private static void requireRound(String pattern, Plan plan) {
    Matcher round = LAST_ROUND.matcher(pattern);
    if (!round.matches()) {
      return;
    }
    pattern(round.group("action")).matching(plan).stream()
        .mapToInt(node -> node.stage().scope().round().orElse(0))
        .max()
        .ifPresent(
            last -> {
              throw new UsageException(
                  "Cannot find the action '%s': there is no round %s, the last one is %d"
                      .formatted(pattern, round.group("round"), last));
            });
  }

  static ActionPattern pattern(String text) {
    try {
      return ActionPattern.of(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "Cannot read the pattern '"
              + text
              + "'"
              + (e instanceof PatternSyntaxException s ? ": " + s.getDescription() : ""));
    }
  }

  private static Told told(
      Plan plan,
      Graph.Node node,
      Explainer explainer,
      Session session,
      Function<Graph.Node, String> naming)
      throws IOException {
    Optional<Plan.KnownResult> known = plan.known(node);
    if (known.isPresent()) {
      List<Provenance> made = session.executions(known.get().key());
      List<String> lines = new ArrayList<>(List.of(maker(made)));
      Reasons.lines(explainer.explain(plan, node))
          .forEach(reason -> lines.add("  because " + reason));
      return new Told(node, true, List.copyOf(lines), made.stream().findFirst());
    }
    List<String> lines = new ArrayList<>();
    List<Graph.Node> waitsFor = plan.waitsFor(node);
    if (waitsFor.isEmpty()) {
      Reasons.lines(explainer.explain(plan, node))
          .forEach(reason -> lines.add("because " + reason));
    }
    for (Graph.Node upstream : waitsFor.subList(0, Math.min(SHOWN, waitsFor.size()))) {
      lines.add("waits for " + naming.apply(upstream));
      Reasons.lines(explainer.explain(plan, upstream))
          .forEach(reason -> lines.add("  because " + reason));
    }
    if (waitsFor.size() > SHOWN) {
      lines.add("and for " + (waitsFor.size() - SHOWN) + " more");
    }
    return new Told(node, false, List.copyOf(lines), Optional.empty());
  }

  private void print(Told told, Plan plan) {
    String key = plan.preimage(told.node()).map(p -> " " + p.key().abbreviated() + "…").orElse("");
    out().println(told.node().name() + key + ": " + (told.reused() ? "reused" : "pending"));
    print(
        told.lines(),
        told.made()
            .map(m -> ", " + m.started() + ", in " + RunProgress.seconds(m.elapsed()))
            .orElse(""));
  }

  /**
   * Prints what is told.
   *
   * @param when belongs to the first line
   */
  private void print(List<String> lines, String when) {
    for (int i = 0; i < lines.size(); i++) {
      out().println("  " + lines.get(i) + (i == 0 ? when : ""));
    }
  }

  private void print(Alike group, List<Told> members) {
    out()
        .printf(
            Locale.ROOT,
            "%s, %d actions: %s%n",
            Reasons.group(group.stage(), group.models()),
            members.size(),
            group.reused() ? "reused" : "pending");
    LongSummaryStatistics times =
        members.stream()
            .flatMap(told -> told.made().stream())
            .mapToLong(made -> made.elapsed().toMillis())
            .summaryStatistics();
    print(
        group.lines(),
        times.getCount() == 0
            ? ""
            : ", in "
                + RunProgress.seconds(Duration.ofMillis(times.getMin()))
                + " to "
                + RunProgress.seconds(Duration.ofMillis(times.getMax())));
  }

  private static String maker(List<Provenance> made) {
    if (made.isEmpty()) {
      return "there is no record of who made it";
    }
    Provenance first = made.get(0);
    String again =
        made.size() == 1 ? "" : "; executed " + made.size() + " times, always with these bytes";
    return "made by run %s on %s, by twintail %s%s"
        .formatted(first.run(), first.machine().host(), first.programVersion(), again);
  }

  private static JsonObject json(Graph.Node node, Plan plan, Explainer explainer, Session session)
      throws IOException {
    Optional<Plan.KnownResult> known = plan.known(node);
    List<Provenance> made = known.isPresent() ? session.executions(known.get().key()) : List.of();
    return new JsonObject()
        .put("action", node.name().toString())
        .put("stage", node.stage().name().label())
        .put("models", node.models())
        .putIfPresent("key", plan.preimage(node).map(preimage -> preimage.key().sha256()))
        .put("state", known.isPresent() ? "reused" : "pending")
        .put("reasons", Reasons.lines(explainer.explain(plan, node)))
        .putEach("waitsFor", plan.waitsFor(node), n -> n.name().toString())
        .putEach("madeBy", made, ExplainCommand::json);
  }

  private static JsonObject json(Provenance made) {
    return new JsonObject()
        .put("run", made.run())
        .put("host", made.machine().host())
        .put("started", made.started().toString())
        .put("seconds", made.elapsed().toMillis() / 1e3)
        .put("programVersion", made.programVersion());
  }
}
