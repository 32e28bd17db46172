package dev.twintail.spec;

import java.util.List;
import java.util.Map;

/** A YAML value and where it stands. */
sealed interface Yaml {
  /** Returns its line; of a mapping, that of the key it belongs to. */
  Position at();

  /** Returns the value as a message shows it. */
  String shown();

  /** Types of scalars in the YAML 1.2 core schema. */
  enum YamlType {
    TEXT,
    WHOLE,
    REAL,
    FLAG,
    NOTHING
  }

  /** A single value. */
  record Scalar(Position at, YamlType kind, String text) implements Yaml {
    @Override
    public String shown() {
      if (kind == YamlType.NOTHING) {
        return "nothing";
      }
      String cut = text.length() <= 60 ? text : text.substring(0, 60) + "…";
      String line = "'" + cut.replace('\n', ' ') + "'";
      return kind == YamlType.TEXT && Numbers.real(text).isPresent() ? "the text " + line : line;
    }
  }

  /** A list. */
  record Sequence(Position at, List<Yaml> items) implements Yaml {
    @Override
    public String shown() {
      return "a list";
    }
  }

  /** Fields by name, in the order of the file. */
  record Mapping(Position at, Map<String, Member> entries) implements Yaml {
    @Override
    public String shown() {
      return "a mapping";
    }
  }

  /** One field of a mapping; {@code at} is the line of its name. */
  record Member(Position at, Yaml value) {}
}
