package dev.twintail.stats;

/**
 * The two questions to a claim, and what to conclude from both answers.
 *
 * @param procedure whether the claim's own procedure gives the number
 * @param common whether the number holds under the common protocol
 */
public record TwoVerdicts(Prediction procedure, Reproduction common) {
  /** Returns the conclusion in a sentence or two. */
  public String conclusion() {
    String own = own();
    String ours = ours();
    return switch (procedure.verdict()) {
      case CONSISTENT ->
          switch (common.verdict()) {
            case REPRODUCED -> own + ", and " + ours + ": it stands.";
            case ABOVE, BELOW ->
                ("%s, but %s: it is right about that procedure, and should not be"
                        + " compared with numbers of another.")
                    .formatted(own, ours);
            case INCONCLUSIVE -> own + "; " + ours + ".";
          };
      case ABOVE, BELOW ->
          switch (common.verdict()) {
            case REPRODUCED ->
                ("%s, though %s: the agreement is no reproduction, since the number"
                        + " did not come about as told.")
                    .formatted(own, ours);
            case ABOVE, BELOW ->
                own + ", and " + ours + ": something that made the number is not known.";
            case INCONCLUSIVE -> own + "; " + ours + ".";
          };
      case UNDECIDED -> own + "; " + ours + ".";
    };
  }

  private String own() {
    return switch (procedure.verdict()) {
      case CONSISTENT -> "Their procedure gives this number";
      case ABOVE -> "Their procedure gives more than this number";
      case BELOW -> "Their procedure gives less than this number";
      case UNDECIDED ->
          "Whether their procedure gives this number cannot be told ("
              + procedure.undecided().orElseThrow().words()
              + ")";
    };
  }

  private String ours() {
    return switch (common.verdict()) {
      case REPRODUCED -> "it holds under the common protocol within the margin";
      case ABOVE -> "the common protocol gives more";
      case BELOW -> "the common protocol gives less";
      case INCONCLUSIVE ->
          "whether it holds under the common protocol is open"
              + common.undecided().map(u -> " (" + u.words() + ")").orElse("");
    };
  }
}
