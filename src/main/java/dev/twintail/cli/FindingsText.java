package dev.twintail.cli;

import dev.twintail.blob.Digest;
import dev.twintail.plan.EnvironmentChange;
import dev.twintail.result.TableDifference;
import dev.twintail.stage.OutputDifference;
import dev.twintail.verify.Obstacle;
import dev.twintail.verify.Recomputation;
import dev.twintail.verify.VerifiedActions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** What verifications found, for people. */
final class FindingsText {
  private FindingsText() {}

  /** Returns one line for each thing that is wrong; none if the action was reproduced. */
  static List<String> lines(Recomputation found, Given given) {
    return found
        .obstacle()
        .map(obstacle -> List.of(text(obstacle, given)))
        .orElseGet(() -> found.differences().stream().map(FindingsText::text).toList());
  }

  /** Returns {@code 3} for three recomputations of all, {@code 4/31} if only 4 of 31 have any. */
  static String text(VerifiedActions.VerificationStanding standing) {
    String text =
        standing.verified() == standing.actions()
            ? Integer.toString(standing.recomputations())
            : standing.verified() == 0 ? "" : standing.verified() + "/" + standing.actions();
    return standing.disputed() == 0 ? text : (text + " disputed").strip();
  }

  private static String text(Obstacle obstacle, Given given) {
    if (obstacle instanceof Obstacle.OtherEnvironment other) {
      return other.changes().stream().map(FindingsText::text).collect(Collectors.joining("; "));
    }
    if (obstacle instanceof Obstacle.OtherVersion other) {
      return "recorded by version %s of %s, this is %s"
          .formatted(other.there(), other.stage().label(), other.here());
    }
    if (obstacle instanceof Obstacle.Unavailable lost) {
      return (lost.part() == Obstacle.ActionPart.INPUT ? "input " : "output ")
          + lost.name()
          + " ("
          + lost.digest().abbreviated()
          + "…) is "
          + (lost.loss() == Obstacle.BlobLoss.MISSING ? "missing" : "damaged")
          + "; make it anew with: twintail run "
          + given.study()
          + given.store();
    }
    return "nothing came out, for it failed: " + ((Obstacle.StageFailed) obstacle).message();
  }

  private static String text(EnvironmentChange change) {
    return "%s: %s, here %s"
        .formatted(change.field(), change.there().orElse("none"), change.here().orElse("none"));
  }

  /** Returns one line, such as {@code weights.safetensors: tensor … [3, 0]: 0.5 vs 0.6 (…)}. */
  static String text(OutputDifference difference) {
    if (difference instanceof OutputDifference.OfWeights w) {
      return line(
          w.output(),
          "tensor " + w.tensor() + " " + w.index(),
          shown(w.recorded(), w.recomputed()),
          shown(w.recomputed(), w.recorded()),
          extent(w.differing(), w.values(), w.maximum()));
    }
    if (difference instanceof OutputDifference.OfTables tables) {
      TableDifference t = tables.cells();
      OptionalInt item = t.item();
      return line(
          tables.output(),
          "column "
              + t.column()
              + " row "
              + t.row()
              + (item.isPresent() ? " [" + item.getAsInt() + "]" : ""),
          t.first(),
          t.second(),
          extent(t.differing(), t.values(), t.maximum()));
    }
    if (difference instanceof OutputDifference.OfBytes b) {
      return line(
          b.output(),
          "byte " + b.offset(),
          shown(b.recorded()),
          shown(b.recomputed()),
          String.format(Locale.ROOT, "%,d of %,d bytes differ", b.differing(), b.bytes()));
    }
    OutputDifference.OfOne one = (OutputDifference.OfOne) difference;
    return line(
        one.output(),
        "the whole",
        shown(one.recorded()),
        shown(one.recomputed()),
        "one of them has no such output");
  }

  private static String line(
      String output, String place, String recorded, String recomputed, String extent) {
    return output + ": " + place + ": " + recorded + " vs " + recomputed + " (" + extent + ")";
  }

  /** Shows a number so that it differs from the other one, whose bits may be those of a NaN too. */
  private static String shown(float value, float other) {
    boolean alike = Float.toString(value).equals(Float.toString(other));
    return alike
        ? value + " (0x" + Integer.toHexString(Float.floatToRawIntBits(value)) + ")"
        : Float.toString(value);
  }

  private static String shown(OptionalInt value) {
    return value.isPresent() ? String.format(Locale.ROOT, "0x%02x", value.getAsInt()) : "the end";
  }

  private static String shown(Optional<Digest> digest) {
    return digest.map(d -> d.size() + " bytes").orElse("nothing");
  }

  private static String extent(long differing, long values, double maximum) {
    return String.format(
        Locale.ROOT, "%,d of %,d values differ, by %.3g at most", differing, values, maximum);
  }
}
