package dev.twintail.plan;

import dev.twintail.action.ActionKey;
import dev.twintail.action.ActionName;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Which actions a user means: a name such as {@code train-siamese/ConvAux/3}, a part of one such as
 * {@code ConvAux} or {@code evaluate/3}, globs of either, or the first digits of a key. Case does
 * not matter, nor does the order of the parts; a round may be written {@code 03} or {@code
 * round-03}.
 */
public final class ActionPattern {
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{6,64}");
  private static final Pattern ROUND = Pattern.compile("(?:round-)?0*([1-9][0-9]{0,5})");

  private final String text;
  private final List<PatternPart> parts;

  /** One segment: a number is a round and nothing else. */
  private record PatternPart(PathMatcher glob, OptionalInt round) {
    boolean matches(ActionName name) {
      if (round.isPresent()) {
        return name.round().equals(round);
      }
      return glob.matches(Path.of(lower(name.stage())))
          || name.part().filter(p -> matchesModel(lower(p.of()))).isPresent();
    }

    /** A sweep means all of its candidates. */
    private boolean matchesModel(String model) {
      return glob.matches(Path.of(model))
          || glob.matches(Path.of(model.substring(0, Math.max(0, model.indexOf(':')))));
    }
  }

  private ActionPattern(String text) {
    this.text = text.strip();
    this.parts =
        List.of(this.text.split("/", -1)).stream()
            .filter(segment -> !segment.isEmpty())
            .map(ActionPattern::part)
            .toList();
  }

  /**
   * Returns the pattern.
   *
   * @throws IllegalArgumentException if it cannot be read
   */
  public static ActionPattern of(String text) {
    return new ActionPattern(text);
  }

  private static PatternPart part(String segment) {
    var round = ROUND.matcher(lower(segment));
    return new PatternPart(
        glob(lower(segment)),
        round.matches() ? OptionalInt.of(Integer.parseInt(round.group(1))) : OptionalInt.empty());
  }

  /** Returns what matches a segment. */
  private static PathMatcher glob(String text) {
    return FileSystems.getDefault().getPathMatcher("glob:" + text);
  }

  /** Returns the actions of the plan that are meant, in the order of the graph. */
  public List<Graph.Node> matching(Plan plan) {
    List<Graph.Node> nodes = plan.graph().nodes();
    List<Graph.Node> named = nodes.stream().filter(this::names).toList();
    if (named.isEmpty() && KEY.matcher(lower(text)).matches()) {
      return nodes.stream()
          .filter(
              n ->
                  plan.preimage(n)
                      .filter(p -> p.key().sha256().startsWith(lower(text)))
                      .isPresent())
          .toList();
    }
    return named;
  }

  /** Returns whether the action is meant, by one of its names or by its key. */
  public boolean matches(Graph.Node node, ActionKey key) {
    return names(node)
        || (KEY.matcher(lower(text)).matches() && key.sha256().startsWith(lower(text)));
  }

  /** Returns whether one of the action's names is meant. */
  public boolean names(Graph.Node node) {
    return node.names().stream()
        .anyMatch(name -> !parts.isEmpty() && parts.stream().allMatch(p -> p.matches(name)));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return text;
  }
}
