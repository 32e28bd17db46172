package dev.twintail.spec;

import dev.twintail.spec.Yaml.Mapping;
import dev.twintail.spec.Yaml.Member;
import dev.twintail.spec.Yaml.Scalar;
import dev.twintail.spec.Yaml.Sequence;
import dev.twintail.spec.Yaml.YamlType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.Schema;

/**
 * Turns one file into a {@link Mapping}: UTF-8, YAML 1.2 core schema, one document. Anchors and
 * aliases work; merge keys, tags and keys that are not plain text are refused. Bounded in size,
 * depth and what aliases expand to, so that no file takes the program down.
 */
final class YamlFile {
  private static final int MAX_DEPTH = 64;
  private static final Pattern UNQUOTED =
      Pattern.compile("found character '?([@`])\\S* that cannot start any token");
  private static final int MAX_VALUES = 50_000;
  private static final Map<Tag, YamlType> KINDS =
      Map.of(
          Tag.STR, YamlType.TEXT,
          Tag.INT, YamlType.WHOLE,
          Tag.FLOAT, YamlType.REAL,
          Tag.BOOL, YamlType.FLAG,
          Tag.NULL, YamlType.NOTHING);

  private final Path path;
  private final Problems problems;
  private int values;

  private YamlFile(Path path, Problems problems) {
    this.path = path;
    this.problems = problems;
  }

  /**
   * Reads {@code path}; empty, with a problem recorded, if that cannot be done.
   *
   * @param reference where the file is asked for; the whole file itself if the user named it
   */
  static Optional<Mapping> read(Path path, Position reference, Problems problems) {
    Optional<String> found = TextFile.read(path, reference, ".yaml", problems);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    String text = found.get();
    try {
      return new YamlFile(path, problems).parse(text);
    } catch (SyntaxException e) {
      problems.add(e.at, e.problem);
    } catch (MarkedYamlEngineException e) {
      problems.add(at(path, e.getProblemMark()), "not YAML: " + describe(e));
    } catch (ReaderException e) {
      problems.add(
          new Position(path, TextFile.line(text, text.offsetByCodePoints(0, e.getPosition()))),
          String.format("not YAML: the character U+%04X is not allowed", e.getCodePoint()));
    } catch (YamlEngineException e) {
      problems.add(
          new Position(path, 0), "not YAML: " + TextFile.oneLine(String.valueOf(e.getMessage())));
    }
    return Optional.empty();
  }

  private Optional<Mapping> parse(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(path.toString())
            .setSchema(new CoreSchema())
            .setCodePointLimit(TextFile.MAX_BYTES)
            .build();
    Parser parser = new Shallow(settings, new StreamReader(settings, text), path);
    Composer composer = new Composer(settings, parser);
    if (!composer.hasNext()) {
      throw new SyntaxException(new Position(path, 1), "the file is empty");
    }
    Node root = composer.next();
    if (!parser.checkEvent(Event.ID.StreamEnd)) {
      throw new SyntaxException(
          at(path, parser.peekEvent().getStartMark()),
          "a second YAML document begins; write one per file");
    }
    Position start = new Position(path, 1);
    Yaml value = convert(root, start);
    if (value instanceof Mapping mapping) {
      return Optional.of(mapping);
    }
    if (value instanceof Scalar scalar && scalar.kind() == YamlType.NOTHING) {
      throw new SyntaxException(start, "the file is empty");
    }
    throw new SyntaxException(
        at(path, root.getStartMark()), "expected fields such as 'name: …', found " + value.shown());
  }

  /** Converts {@code node}; a mapping is placed at {@code key}, where its name stands. */
  private Yaml convert(Node node, Position key) {
    Position at = at(path, node.getStartMark());
    if (++values > MAX_VALUES) {
      throw new SyntaxException(at, "more than " + MAX_VALUES + " values; do aliases multiply?");
    }
    if (node.isRecursive()) {
      throw new SyntaxException(at, "the anchored value contains itself");
    }
    if (node instanceof ScalarNode scalar) {
      return new Scalar(at, kind(scalar, at), scalar.getValue());
    }
    if (node instanceof SequenceNode sequence) {
      require(node, Tag.SEQ, at);
      List<Yaml> items = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        items.add(convert(item, at(path, item.getStartMark())));
      }
      return new Sequence(at, items);
    }
    require(node, Tag.MAP, at);
    Map<String, Member> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : ((MappingNode) node).getValue()) {
      Position place = at(path, tuple.getKeyNode().getStartMark());
      if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
        throw new SyntaxException(place, "expected the name of a field, found a list or mapping");
      }
      if (name.getValue().equals("<<")) {
        throw new SyntaxException(
            place, "merge keys ('<<') are not read; write the fields out, or use 'extends'");
      }
      Member first = entries.get(name.getValue());
      if (first != null) {
        problems.add(
            place,
            "'" + name.getValue() + "' appears twice; it is already in line " + first.at().line());
        continue;
      }
      entries.put(name.getValue(), new Member(place, convert(tuple.getValueNode(), place)));
    }
    return new Mapping(key, entries);
  }

  private static YamlType kind(ScalarNode scalar, Position at) {
    YamlType kind = KINDS.get(scalar.getTag());
    if (kind == null) {
      throw unknownTag(scalar.getTag(), at);
    }
    return kind;
  }

  private static void require(Node node, Tag expected, Position at) {
    if (!node.getTag().equals(expected)) {
      throw unknownTag(node.getTag(), at);
    }
  }

  private static SyntaxException unknownTag(Tag tag, Position at) {
    return new SyntaxException(at, "tags are not read; remove '" + written(tag) + "'");
  }

  /** Returns a tag as people write it: YAML's own ones are short for addresses. */
  private static String written(Tag tag) {
    String text = tag.getValue();
    return text.startsWith(Tag.PREFIX) ? "!!" + text.substring(Tag.PREFIX.length()) : text;
  }

  private static String describe(MarkedYamlEngineException e) {
    String problem = String.valueOf(e.getProblem());
    Matcher sign = UNQUOTED.matcher(problem);
    if (sign.find()) {
      return "a text cannot begin with " + sign.group(1) + "; put it in quotes";
    }
    StringBuilder text = new StringBuilder(problem);
    if (e.getContext() != null && !e.getContext().isEmpty()) {
      text.append(" (").append(e.getContext());
      if (e.getContextMark().isPresent()) {
        text.append(" that begins in line ").append(e.getContextMark().get().getLine() + 1);
      }
      text.append(')');
    }
    return TextFile.oneLine(text.toString());
  }

  private static Position at(Path path, Optional<Mark> mark) {
    return new Position(path, mark.isPresent() ? mark.get().getLine() + 1 : 0);
  }

  /** Stops reading where the file cannot be understood further. */
  private static final class SyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Position at;
    private final String problem;

    SyntaxException(Position at, String problem) {
      super(problem);
      this.at = at;
      this.problem = problem;
    }
  }

  /** The core schema of YAML 1.2, which has no merge keys; nothing is constructed. */
  private static final class CoreSchema implements Schema {
    private final ScalarResolver resolver = new CoreScalarResolver(false);

    @Override
    public ScalarResolver getScalarResolver() {
      return resolver;
    }

    @Override
    public Map<Tag, ConstructNode> getSchemaTagConstructors() {
      return Map.of();
    }
  }

  /** Refuses deep nesting before the composer, which is recursive, meets it. */
  private static final class Shallow extends ParserImpl {
    private final Path path;
    private int depth;

    Shallow(LoadSettings settings, StreamReader reader, Path path) {
      super(settings, reader);
      this.path = path;
    }

    @Override
    public Event next() {
      Event event = super.next();
      Event.ID id = event.getEventId();
      if (id == Event.ID.MappingStart || id == Event.ID.SequenceStart) {
        depth++;
      } else if (id == Event.ID.MappingEnd || id == Event.ID.SequenceEnd) {
        depth--;
      }
      if (depth > MAX_DEPTH) {
        throw new SyntaxException(
            at(path, event.getStartMark()), "nested deeper than " + MAX_DEPTH + " levels");
      }
      return event;
    }
  }
}
