package dev.twintail.check;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The verdicts that an experiment's claims are known to have, kept beside its spec. Not every
 * published number can be reproduced, so it is the change of a verdict or of a published number
 * that is news.
 *
 * <p>The file is made for diffs: tab-separated, a line a claim, sorted by model, split and place.
 * It holds nothing that was measured, so it stays the same from machine to machine.
 */
public final class Verdicts {
  /** How the name of their file ends. */
  public static final String SUFFIX = ".verdicts.tsv";

  private static final String HEADER = "model\tsplit\twhere\tpublished\tstd\trounds\tverdict";
  private static final int COLUMNS = 7;

  private final SortedMap<ClaimPlace, Expectation> expectations;

  private Verdicts(SortedMap<ClaimPlace, Expectation> expectations) {
    this.expectations = Collections.unmodifiableSortedMap(expectations);
  }

  /** Returns the verdicts that were found. */
  public static Verdicts of(List<JudgedClaim> claims) {
    SortedMap<ClaimPlace, Expectation> expectations = new TreeMap<>();
    claims.forEach(claim -> expectations.put(claim.found().place(), claim.found()));
    return new Verdicts(expectations);
  }

  /**
   * Reads the file.
   *
   * @throws IOException if it cannot be read or is garbled; tells the line
   */
  public static Verdicts read(Path file) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new IOException("Cannot read " + file + ": not UTF-8 text", e);
    }
    if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
      throw new IOException(
          "Cannot read " + file + ": its first line is not " + HEADER.replace('\t', ' '));
    }
    SortedMap<ClaimPlace, Expectation> expectations = new TreeMap<>();
    Map<ClaimPlace, Integer> seen = new HashMap<>();
    for (int i = 1; i < lines.size(); i++) {
      List<String> cells = List.of(lines.get(i).split("\t", -1));
      try {
        if (cells.size() != COLUMNS) {
          throw new IllegalArgumentException("not " + COLUMNS + " columns");
        }
        ClaimPlace first =
            new ClaimPlace(plain(cells.get(0)), cells.get(1), plain(cells.get(2)), 1);
        int number = seen.merge(first, 1, Integer::sum);
        ClaimPlace place = new ClaimPlace(first.model(), first.split(), first.where(), number);
        String std = cells.get(4);
        expectations.put(
            place,
            new Expectation(
                place,
                cells.get(3),
                std.isEmpty() ? Optional.empty() : Optional.of(std),
                Integer.parseInt(cells.get(5)),
                cells.get(6)));
      } catch (IllegalArgumentException e) {
        throw new VerdictFileException(file, i + 1, e);
      }
    }
    return new Verdicts(expectations);
  }

  /** Returns the text of the file. */
  public String text() {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    for (Expectation claim : expectations.values()) {
      text.append(
              String.join(
                  "\t",
                  cell(claim.place().model()),
                  claim.place().split(),
                  cell(claim.place().where()),
                  claim.mean(),
                  claim.std().orElse(""),
                  Integer.toString(claim.rounds()),
                  claim.verdict()))
          .append('\n');
    }
    return text.toString();
  }

  private static String cell(String text) {
    return text.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }

  private static String plain(String cell) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < cell.length(); i++) {
      char c = cell.charAt(i);
      if (c == '\\' && i + 1 < cell.length()) {
        i++;
        c =
            switch (cell.charAt(i)) {
              case 't' -> '\t';
              case 'n' -> '\n';
              case 'r' -> '\r';
              default -> cell.charAt(i);
            };
      }
      text.append(c);
    }
    return text.toString();
  }

  /** Returns how many claims there are. */
  public int size() {
    return expectations.size();
  }

  /** Returns what is expected of the claim; empty if the file does not have it. */
  public Optional<Expectation> at(ClaimPlace place) {
    return Optional.ofNullable(expectations.get(place));
  }

  /**
   * Compares with what came out.
   *
   * @param open whose tables a claim's verdict waits for, by the claim's index; such a verdict is
   *     compared only if it is the expected one all the same
   * @return a case for each claim in the order of the claims, then for those that are no more
   */
  public List<Case> compare(List<JudgedClaim> claims, Map<Integer, String> open) {
    List<Case> cases = new ArrayList<>();
    SortedMap<ClaimPlace, Expectation> missing = new TreeMap<>(expectations);
    for (int i = 0; i < claims.size(); i++) {
      JudgedClaim claim = claims.get(i);
      Expectation found = claim.found();
      Expectation expected = missing.remove(found.place());
      String detail =
          "published %s, measured %s of %s: %s. %s"
              .formatted(
                  found.published(),
                  claim.measured(),
                  claim.rounds(),
                  found.verdict(),
                  claim.reason());
      List<String> changes = new ArrayList<>();
      if (expected == null) {
        changes.add("a claim without an expected verdict: " + found.published());
        changes.add("the verdict is " + found.verdict());
      } else {
        change("published", expected.published(), found.published(), changes);
        if (changes.isEmpty()
            && open.containsKey(i)
            && !expected.verdict().equals(found.verdict())) {
          cases.add(
              Case.skipped(
                  found.place().toString(),
                  detail,
                  "expected: " + expected.verdict() + ", by tables of " + open.get(i)));
          continue;
        }
        change("verdict", expected.verdict(), found.verdict(), changes);
      }
      cases.add(Case.of(found.place().toString(), detail, changes));
    }
    missing.forEach(
        (place, expected) ->
            cases.add(
                Case.of(
                    place.toString(),
                    "published " + expected.published(),
                    List.of("is expected, and no more claimed by the spec"))));
    return List.copyOf(cases);
  }

  private static void change(String what, String before, String now, List<String> changes) {
    if (!before.equals(now)) {
      changes.add(what + ": " + before + " → " + now);
    }
  }
}
