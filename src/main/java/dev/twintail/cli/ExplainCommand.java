package dev.twintail.cli;

import dev.twintail.action.ActionKey;
import dev.twintail.app.Patterns;
import dev.twintail.app.Session;
import dev.twintail.app.Study;
import dev.twintail.plan.ActionPattern;
import dev.twintail.plan.Explainer;
import dev.twintail.plan.Graph;
import dev.twintail.plan.Plan;
import dev.twintail.record.Provenance;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code explain}: why actions are pending, or who made them. */
@Command(
    name = "explain",
    description = {
      "Tells why actions are pending, or which run made what is reused.",
      "An action is pending because its key differs from that of the nearest earlier one: tells"
          + " how, down to the first cause."
    })
final class ExplainCommand extends StudyCommand {
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

  @Override
  int call(Study study, Session session) throws Exception {
    Plan plan = session.survey(study);
    Explainer explainer = session.explainer();
    for (String pattern : Patterns.split(patterns)) {
      for (Graph.Node node : matching(pattern, plan)) {
        explain(plan, node, explainer, session, out());
      }
    }
    return ExitCode.OK;
  }

  /** Returns the actions that the user means. */
  static List<Graph.Node> matching(String pattern, Plan plan) {
    List<Graph.Node> found = pattern(pattern).matching(plan);
    if (found.isEmpty()) {
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

  /** Reads what the user means. */
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

  private static void explain(
      Plan plan, Graph.Node node, Explainer explainer, Session session, PrintWriter out)
      throws IOException {
    String key = plan.preimage(node).map(p -> " " + p.key().abbreviated() + "…").orElse("");
    var known = plan.known(node);
    out.println(node.name() + key + ": " + (known.isPresent() ? "reused" : "pending"));
    if (known.isPresent()) {
      out.println("  " + maker(known.get().key(), session));
      return;
    }
    List<Graph.Node> waitsFor = plan.waitsFor(node);
    if (waitsFor.isEmpty()) {
      for (String reason : Reasons.lines(explainer.explain(plan, node))) {
        out.println("  because " + reason);
      }
    }
    for (Graph.Node upstream : waitsFor.subList(0, Math.min(SHOWN, waitsFor.size()))) {
      out.println("  waits for " + upstream.name());
      for (String reason : Reasons.lines(explainer.explain(plan, upstream))) {
        out.println("    because " + reason);
      }
    }
    if (waitsFor.size() > SHOWN) {
      out.println("  and for " + (waitsFor.size() - SHOWN) + " more");
    }
  }

  private static String maker(ActionKey key, Session session) throws IOException {
    List<Provenance> made = session.executions(key);
    if (made.isEmpty()) {
      return "there is no record of who made it";
    }
    Provenance first = made.get(0);
    String again =
        made.size() == 1 ? "" : "; executed " + made.size() + " times, always with these bytes";
    return "made by run "
        + first.run()
        + " on "
        + first.machine().host()
        + ", "
        + first.started()
        + ", in "
        + RunProgress.seconds(first.elapsed())
        + ", by twintail "
        + first.programVersion()
        + again;
  }
}
