package dev.twintail.data;

import dev.twintail.blob.Blob;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What a search has found so far, and one line for each source that failed in something. */
final class Search {
  private final DigitSource wanted;
  private final Map<DigitFile.Role, Blob> files = new EnumMap<>(DigitFile.Role.class);
  private final Map<DigitFile.Role, String> origins = new EnumMap<>(DigitFile.Role.class);
  private final List<String> failures = new ArrayList<>();

  private final Consumer<String> listener;

  /**
   * @param listener hears of a source's failure at once
   */
  Search(DigitSource wanted, Consumer<String> listener) {
    this.wanted = wanted;
    this.listener = listener;
  }

  /** Somewhere to look for files. */
  interface SearchPlace {
    /** Returns the place as the user knows it, such as {@code folder /data/mnist}. */
    String label();

    /** Looks for the files missing, and puts down what it finds and what fails. */
    void look(Visit visit) throws InterruptedException;
  }

  /** One place's part of the search. */
  final class Visit {
    private final String label;
    private final List<String> reasons = new ArrayList<>();

    private Visit(String label) {
      this.label = label;
    }

    List<DigitFile> missing() {
      return Search.this.missing();
    }

    void found(DigitFile file, Blob blob) {
      files.put(file.role(), blob);
      origins.put(file.role(), label);
    }

    void failed(String reason) {
      reasons.add(reason);
    }
  }

  /** Visits {@code place} unless all is found. */
  void visit(SearchPlace place) throws InterruptedException {
    if (complete()) {
      return;
    }
    Visit visit = new Visit(place.label());
    place.look(visit);
    if (Thread.interrupted()) { // A broken read or write, not a failure of the place.
      throw new InterruptedException("The search for " + wanted.name() + " was cancelled");
    }
    if (!visit.reasons.isEmpty()) {
      String failure = oneLine(visit.label + ": " + String.join("; ", visit.reasons));
      failures.add(failure);
      listener.accept(failure);
    }
  }

  List<DigitFile> missing() {
    return wanted.files().stream().filter(f -> !files.containsKey(f.role())).toList();
  }

  boolean complete() {
    return files.size() == wanted.files().size();
  }

  DigitsUnavailableException unavailable(String lacking) {
    return new DigitsUnavailableException(wanted, lacking, missing(), failures);
  }

  DigitFinder.FoundDigits found() {
    return new DigitFinder.FoundDigits(files, origins, failures);
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s*\\R\\s*", " ");
  }
}
