package dev.twintail.cli;

import dev.twintail.app.Engine;
import dev.twintail.app.ExportFormat;
import dev.twintail.pipeline.BeamRunner;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** The words of options that take one of a few, for shells that complete them. */
class Words implements Iterable<String> {
  private final List<String> words;

  private Words(Enum<?>[] constants) {
    words = Arrays.stream(constants).map(Words::of).toList();
  }

  /** Returns the word of a constant, such as {@code ro-crate}. */
  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public Iterator<String> iterator() {
    return words.iterator();
  }

  /** Of {@code --engine}. */
  static final class Engines extends Words {
    Engines() {
      super(Engine.values());
    }
  }

  /** Of {@code --runner}. */
  static final class Runners extends Words {
    Runners() {
      super(BeamRunner.RunnerName.values());
    }
  }

  /** Of {@code log --outcome}. */
  static final class Outcomes extends Words {
    Outcomes() {
      super(LogCommand.RunStatus.values());
    }
  }

  /** Of {@code lineage --format}. */
  static final class LineageFormats extends Words {
    LineageFormats() {
      super(LineageCommand.GraphFormat.values());
    }
  }

  /** Of {@code export --format}. */
  static final class ExportFormats extends Words {
    ExportFormats() {
      super(ExportFormat.values());
    }
  }

  /** Of {@code results --format}. */
  static final class TableFormats extends Words {
    TableFormats() {
      super(ResultsCommand.ResultsFormat.values());
    }
  }
}
