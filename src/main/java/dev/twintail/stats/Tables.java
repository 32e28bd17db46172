package dev.twintail.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One model's rounds, table by table. A table is what a protocol runs together; a published mean is
 * the mean of one. Tables are independent of each other; rounds of a table are so only where they
 * share nothing.
 *
 * @param rounds of each table, all as many, round 1 first; in units of the measurement
 */
public record Tables(Sharing sharing, List<List<Double>> rounds) {
  /** With fewer rounds or tables an interval is said to tell nothing. */
  static final int FEWEST = 3;

  public Tables {
    rounds = rounds.stream().map(List::copyOf).toList();
    if (rounds.isEmpty() || rounds.get(0).isEmpty()) {
      throw new IllegalArgumentException("Cannot summarise no rounds");
    }
    for (List<Double> table : rounds) {
      Differences.requireSameRounds(rounds.get(0), table);
    }
  }

  /** Returns one table of which only the mean is known. */
  static Tables single(Sharing sharing, double mean) {
    return new Tables(sharing, List.of(List.of(mean)));
  }

  /**
   * Returns rounds cut into tables, as many in each.
   *
   * @param tables how many; divides the number of rounds
   */
  public static Tables of(Sharing sharing, List<Double> rounds, int tables) {
    int each = rounds.size() / tables;
    List<List<Double>> cut = new ArrayList<>();
    for (int i = 0; i < tables; i++) {
      cut.add(rounds.subList(i * each, (i + 1) * each));
    }
    if (tables * each != rounds.size()) {
      throw new IllegalArgumentException(
          "Cannot cut " + rounds.size() + " rounds into " + tables + " tables");
    }
    return new Tables(sharing, cut);
  }

  /** Returns the number of tables. */
  public int count() {
    return rounds.size();
  }

  /** Returns the rounds of each table. */
  public int roundsEach() {
    return rounds.get(0).size();
  }

  /** Returns mean and spread of the means of the tables. */
  public Sample means() {
    return means(roundsEach());
  }

  /** Returns mean and spread of the means over the first rounds of each table. */
  Sample means(int first) {
    return Sample.of(
        rounds.stream().map(table -> Sample.of(table.subList(0, first)).mean()).toList());
  }

  /** Returns mean and spread of all rounds as if they shared nothing. */
  public Sample all() {
    return Sample.of(rounds.stream().flatMap(List::stream).toList());
  }

  /** Returns how many rounds of each table make tables as long as the claim's, or all. */
  int roundsLike(Sample claim) {
    return Math.min(roundsEach(), claim.n());
  }

  /** Returns why these cannot say what one more table's mean would be; empty if they can. */
  Optional<Undecided> lack(Sample claim) {
    return lack(sharing, count(), roundsEach(), claim.n());
  }

  /**
   * Returns why tables would not do to judge a claim by; empty if they would.
   *
   * @param count how many tables there are
   * @param each rounds of each
   * @param claimed rounds of the claim
   */
  public static Optional<Undecided> lack(Sharing sharing, int count, int each, int claimed) {
    if (sharing == Sharing.NOTHING) {
      return count * each < FEWEST ? Optional.of(Undecided.TOO_FEW_ROUNDS) : Optional.empty();
    }
    if (count < FEWEST) {
      return Optional.of(count == 1 ? Undecided.ONE_TABLE : Undecided.TOO_FEW_TABLES);
    }
    return sharing == Sharing.WEIGHTS && each < claimed
        ? Optional.of(Undecided.SHORTER_TABLES)
        : Optional.empty();
  }

  /** Says what {@link #lack} found. */
  String sentence(Undecided lack) {
    String shared = "The rounds of a table share " + sharing.words();
    return switch (lack) {
      case TOO_FEW_ROUNDS ->
          "No verdict under " + FEWEST + " rounds; there " + are(count() * roundsEach(), "round");
      case ONE_TABLE ->
          shared + ", and there is one table: nothing tells how far another would be from it.";
      case TOO_FEW_TABLES ->
          shared + ": no verdict under " + FEWEST + " tables; there " + are(count(), "table");
      case SHORTER_TABLES ->
          shared
              + ", and the claim's table has more than our "
              + roundsEach()
              + ": later rounds would be better.";
      case NO_SPREAD, TOO_WIDE, NOT_LEARNT -> throw new IllegalArgumentException(lack.words());
    };
  }

  private static String are(int n, String what) {
    return n == 1 ? "is 1 " + what + "." : "are " + n + " " + what + "s.";
  }

  /** Returns the tables but one. */
  Tables without(int table) {
    List<List<Double>> others = new ArrayList<>(rounds);
    others.remove(table);
    return new Tables(sharing, others);
  }
}
