package dev.twintail.cli;

import dev.twintail.action.ActionName;
import dev.twintail.action.Manifest;
import dev.twintail.action.Preimage;
import dev.twintail.app.NoResultsException;
import dev.twintail.app.Results;
import dev.twintail.app.Session;
import dev.twintail.app.ShellWord;
import dev.twintail.blob.Digest;
import dev.twintail.json.JsonObject;
import dev.twintail.plan.FieldChange;
import dev.twintail.plan.LockChange;
import dev.twintail.plan.LockFile;
import dev.twintail.record.RunRecord;
import dev.twintail.report.SummaryTable;
import dev.twintail.stage.StageName;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code diff}: what differs between two runs. */
@Command(
    name = "diff",
    description = {
      "Tells which parameters, bytes and numbers differ between two runs.",
      "A and B are ids of runs or the first characters of them, 'latest', 'previous', which is the"
          + " run of the same experiment before the other, two stores, whose newest runs are"
          + " meant, or two lock files."
    },
    footer = {
      "twintail diff previous                        the last run and the one before",
      "twintail diff 20261121T0930 latest            ids may be cut short",
      "twintail diff artifacts s3://team/twintail    the newest runs of two stores",
      "twintail diff old.lock new.lock",
    })
final class DiffCommand extends StoreCommand {

  /** How many models that differ in the same way are named. */
  private static final int NAMED = 3;

  private static final String LATEST = "latest";
  private static final String PREVIOUS = "previous";

  @Parameters(index = "0", paramLabel = "A", description = "The one.")
  private String first;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "B",
      defaultValue = LATEST,
      description = "The other. Default: latest.")
  private String second = LATEST;

  /** A run and the store that it is in. */
  private record Side(RunRecord run, Session session) {}

  /** The same step of two runs. */
  private record Pair(RunRecord.Step one, RunRecord.Step other) {}

  @Override
  public Integer call() throws Exception {
    boolean locks = isLock(first) && isLock(second);
    if (namesStore() && (locks || (isStore(first) && isStore(second)))) {
      throw new UsageException(
          "Cannot compare "
              + (locks ? "two lock files" : "two stores")
              + " in a third place: leave --store out");
    }
    if (locks) {
      return diffLocks(Locks.read(Path.of(first)), Locks.read(Path.of(second)));
    }
    if (isLock(first) || isLock(second)) {
      throw new UsageException(
          "Cannot compare a lock file with a run here: use 'twintail run SPEC --locked'");
    }
    try (Session a = open(first);
        Session b = open(second)) {
      boolean before = first.equals(PREVIOUS);
      Side known = before ? side(second, b) : side(first, a);
      Side other = before ? previous(known, a) : side(second, known, b);
      print(before ? other : known, before ? known : other);
    }
    return ExitCode.OK;
  }

  private static boolean isLock(String name) {
    return !isStore(name) && LockFile.isNamedLike(Path.of(name));
  }

  private static boolean isStore(String name) {
    return name.contains("://") || Files.isDirectory(Path.of(name));
  }

  private Session open(String name) throws IOException {
    return (isStore(name) ? Session.at(name).telling(err()::println) : session()).open();
  }

  private static Side side(String name, Side other, Session session) throws IOException {
    return name.equals(PREVIOUS) ? previous(other, session) : side(name, session);
  }

  /** Returns the newest run of the same experiment before another. */
  private static Side previous(Side other, Session session) throws IOException {
    List<String> ids = session.runs().ids();
    for (int i = ids.size() - 1; i >= 0; i--) {
      if (ids.get(i).compareTo(other.run().id()) < 0) {
        Optional<RunRecord> run = session.runs().find(ids.get(i));
        if (run.isPresent() && run.get().spec().equals(other.run().spec())) {
          return new Side(run.get(), session);
        }
      }
    }
    throw new NoResultsException(
        "Cannot find a run of %s before %s in %s; list them with: twintail log --store %s"
            .formatted(
                other.run().spec(),
                other.run().id(),
                session.location(),
                ShellWord.quoted(session.location())));
  }

  private static Side side(String name, Session session) throws IOException {
    List<String> ids = session.runs().ids();
    boolean newest = isStore(name) || name.equals(LATEST);
    List<String> found =
        newest
            ? ids.subList(Math.max(0, ids.size() - 1), ids.size())
            : ids.stream().filter(id -> id.startsWith(name)).toList();
    if (found.size() != 1) {
      throw new NoResultsException(
          "Cannot find the run '%s' in %s: %s; list them with: twintail log --store %s"
              .formatted(
                  name,
                  session.location(),
                  found.isEmpty() ? "there is none" : found.size() + " begin so",
                  ShellWord.quoted(session.location())));
    }
    return new Side(session.runs().find(found.get(0)).orElseThrow(), session);
  }

  private int diffLocks(LockFile a, LockFile b) throws IOException {
    List<LockChange> differences = a.differences(b);
    if (json().isGiven()) {
      json().print(new JsonObject().putEach("locks", differences, Locks::line));
      return ExitCode.OK;
    }
    PrintWriter out = out();
    differences.forEach(d -> out.println(Locks.line(d)));
    Set<ActionName> actions = new TreeSet<>();
    actions.addAll(a.entries().keySet());
    actions.addAll(b.entries().keySet());
    long differing = differences.stream().map(LockChange::action).distinct().count();
    out.println(differing + " of " + actions.size() + " actions' outputs differ");
    out.flush();
    return ExitCode.OK;
  }

  private void print(Side a, Side b) throws IOException {
    List<RunRecord.Step> before = new ArrayList<>(a.run().steps());
    List<RunRecord.Step> after = new ArrayList<>(b.run().steps());
    ChangeTally parameters = new ChangeTally();
    ChangeTally outputs = new ChangeTally();
    ChangeTally alone = new ChangeTally();
    for (Pair pair : pairs(before, after)) {
      if (!pair.one().key().equals(pair.other().key())) {
        addChanges(a, pair.one(), b, pair.other(), parameters);
      }
      if (!pair.one().manifest().equals(pair.other().manifest())) {
        addOutputs(a, pair.one(), b, pair.other(), outputs);
      }
    }
    before.forEach(step -> alone.add(step, " is in A alone"));
    after.forEach(step -> alone.add(step, " is in B alone"));
    ResultNumbers numbers = ResultNumbers.of(rows(a), rows(b));
    if (json().isGiven()) {
      json()
          .print(
              new JsonObject()
                  .put("a", json(a))
                  .put("b", json(b))
                  .put("parameters", parameters.json())
                  .put("bytes", outputs.json())
                  .put("alone", alone.json())
                  .put("sameNumbers", numbers.same())
                  .putEach("numbers", numbers.differing(), DiffCommand::json));
      return;
    }
    PrintWriter out = out();
    out.println("A: " + a.run().id() + " " + a.run().spec() + " on " + a.run().host());
    out.println("B: " + b.run().id() + " " + b.run().spec() + " on " + b.run().host());
    parameters.print("Parameters that differ", out);
    outputs.print("Bytes that differ", out);
    alone.print("Actions of one run alone", out);
    numbers.print(out);
    out.flush();
  }

  private static JsonObject json(Side side) {
    return new JsonObject()
        .put("run", side.run().id())
        .put("experiment", side.run().spec())
        .put("host", side.run().host());
  }

  private static JsonObject json(ResultNumbers.Two two) {
    return new JsonObject()
        .put("model", two.before().model())
        .put("meanA", two.before().mean())
        .put("meanB", two.after().mean())
        .put("roundsA", two.before().n())
        .put("roundsB", two.after().n());
  }

  /** How many actions differ in the same way. */
  private static final class ChangeTally {
    /** Actions of one stage, in whatever rounds, and what of them. */
    private record DiffLine(String stage, Set<String> models, String what) {}

    private record ChangeKind(String stage, String what) {}

    private final Map<DiffLine, List<ActionName>> lines = new LinkedHashMap<>();

    void add(RunRecord.Step step, String what) {
      lines
          .computeIfAbsent(
              new DiffLine(step.stage(), step.models(), what), line -> new ArrayList<>())
          .add(step.action());
    }

    /** Prints one line for all models that differ in the same way. */
    void print(String title, PrintWriter out) {
      Map<ChangeKind, List<DiffLine>> ways = new LinkedHashMap<>();
      for (DiffLine line : lines.keySet()) {
        ways.computeIfAbsent(new ChangeKind(line.stage(), line.what()), w -> new ArrayList<>())
            .add(line);
      }
      if (!ways.isEmpty()) {
        out.println(title + ":");
      }
      ways.forEach(
          (way, alike) -> {
            List<ActionName> actions =
                alike.stream().flatMap(line -> actions(line).stream()).toList();
            String whose =
                alike.size() == 1
                    ? Reasons.group(way.stage(), alike.get(0).models())
                    : way.stage() + " of " + names(alike);
            String many =
                alike.size() == 1 ? Reasons.many(actions) : " (" + actions.size() + " actions)";
            out.println("  " + whose + way.what() + many);
          });
    }

    private List<ActionName> actions(DiffLine line) {
      return lines.getOrDefault(line, List.of());
    }

    private static String names(List<DiffLine> lines) {
      List<String> names = lines.stream().flatMap(l -> l.models().stream()).distinct().toList();
      return String.join(", ", names.subList(0, Math.min(NAMED, names.size())))
          + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "");
    }

    List<JsonObject> json() {
      return lines.entrySet().stream()
          .map(
              line ->
                  new JsonObject()
                      .put("stage", line.getKey().stage())
                      .put("models", line.getKey().models())
                      .put("what", line.getKey().what().replaceFirst("^:? ", ""))
                      .put("actions", line.getValue().size()))
          .toList();
    }
  }

  /**
   * Takes the steps that both runs have out of the lists: those of one key, whomever they are for;
   * then those of one name, or of one stage and round that a model has in both.
   */
  private static List<Pair> pairs(List<RunRecord.Step> before, List<RunRecord.Step> after) {
    List<Pair> pairs = new ArrayList<>();
    List<BiPredicate<RunRecord.Step, RunRecord.Step>> same =
        List.of(
            (one, other) -> one.key().equals(other.key()),
            (one, other) -> one.action().equals(other.action()),
            (one, other) ->
                sameStageAndRound(one, other)
                    && !Collections.disjoint(one.models(), other.models()));
    for (BiPredicate<RunRecord.Step, RunRecord.Step> test : same) {
      for (Iterator<RunRecord.Step> left = before.iterator(); left.hasNext(); ) {
        RunRecord.Step one = left.next();
        Optional<RunRecord.Step> other =
            after.stream().filter(step -> test.test(one, step)).findFirst();
        if (other.isPresent()) {
          pairs.add(new Pair(one, other.get()));
          after.remove(other.get());
          left.remove();
        }
      }
    }
    pairs.sort(Comparator.comparing(pair -> pair.one().action()));
    return pairs;
  }

  private static boolean sameStageAndRound(RunRecord.Step one, RunRecord.Step other) {
    return one.stage().equals(other.stage()) && one.action().round().equals(other.action().round());
  }

  /** Adds what is not a mere consequence of something upstream. */
  private static void addChanges(
      Side a, RunRecord.Step one, Side b, RunRecord.Step other, ChangeTally tally)
      throws IOException {
    Optional<Preimage> before = a.session().preimage(one.key());
    Optional<Preimage> after = b.session().preimage(other.key());
    if (before.isEmpty() || after.isEmpty()) {
      tally.add(one, ": what its key is made of is gone");
      return;
    }
    List<FieldChange> fields = new ArrayList<>();
    List<String> seeds = new ArrayList<>();
    for (FieldChange change : FieldChange.between(before.get(), after.get())) {
      if (change.kind() == Preimage.FieldKind.SEED) {
        seeds.add(change.name());
      } else if (change.kind() != Preimage.FieldKind.INPUT) {
        fields.add(change);
      }
    }
    if (!seeds.isEmpty()) {
      tally.add(one, ": seed of " + String.join(", ", seeds));
    }
    Reasons.texts(fields).forEach(text -> tally.add(one, ": " + text));
  }

  private static void addOutputs(
      Side a, RunRecord.Step one, Side b, RunRecord.Step other, ChangeTally tally)
      throws IOException {
    Map<String, Digest> before = outputs(a, one);
    Map<String, Digest> after = outputs(b, other);
    Set<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    for (String name : names) {
      if (!Optional.ofNullable(before.get(name)).equals(Optional.ofNullable(after.get(name)))) {
        tally.add(one, ": " + name);
      }
    }
  }

  private static Map<String, Digest> outputs(Side side, RunRecord.Step step) throws IOException {
    return side.session().manifest(step.key()).map(Manifest::outputs).orElseGet(TreeMap::new);
  }

  /** The accuracies of the models that both runs have. */
  private record ResultNumbers(List<Two> differing, int same) {
    /** A model's numbers in A and in B. */
    record Two(SummaryTable.ModelSummary before, SummaryTable.ModelSummary after) {}

    static ResultNumbers of(
        Map<String, SummaryTable.ModelSummary> before,
        Map<String, SummaryTable.ModelSummary> after) {
      List<Two> differing = new ArrayList<>();
      int same = 0;
      for (SummaryTable.ModelSummary row : before.values()) {
        SummaryTable.ModelSummary other = after.get(row.model());
        if (other != null && row.mean() == other.mean() && row.n() == other.n()) {
          same++;
        } else if (other != null) {
          differing.add(new Two(row, other));
        }
      }
      return new ResultNumbers(differing, same);
    }

    void print(PrintWriter out) {
      if (!differing.isEmpty()) {
        out.println("Numbers that differ, test accuracy in %:");
      }
      for (Two two : differing) {
        out.printf(
            Locale.ROOT,
            "  %s: mean %.2f → %.2f (%+.2f), rounds %d → %d%n",
            two.before().model(),
            100 * two.before().mean(),
            100 * two.after().mean(),
            100 * (two.after().mean() - two.before().mean()),
            two.before().n(),
            two.after().n());
      }
      out.println(same + (same == 1 ? " model has" : " models have") + " the same numbers");
    }
  }

  private static Map<String, SummaryTable.ModelSummary> rows(Side side) throws IOException {
    Map<String, SummaryTable.ModelSummary> rows = new LinkedHashMap<>();
    for (RunRecord.Step step : side.run().steps()) {
      if (step.stage().equals(StageName.RESULTS.label())) {
        Digest summary = outputs(side, step).get(Results.SUMMARY);
        Optional<SummaryTable> table =
            summary == null ? Optional.empty() : side.session().summary(summary);
        table.ifPresent(t -> t.rows().forEach(row -> rows.put(row.model(), row)));
      }
    }
    return rows;
  }
}
