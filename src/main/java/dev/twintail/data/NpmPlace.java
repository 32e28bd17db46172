package dev.twintail.data;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A package that the user's own npm fetches, from whatever registry it is set up for. npm packs it
 * into a temporary folder and runs none of its scripts; the archive is read as a stream, and
 * nothing of it is ever written to disk.
 *
 * @param searchPath folders in which npm may be, as in the environment's {@code PATH}
 * @param temp where the archive lies for a moment
 */
record NpmPlace(DigitSource.NpmPackage npm, String searchPath, Path temp, Duration timeout)
    implements Search.SearchPlace {
  private static final Pattern ERROR_MARK = Pattern.compile("^npm (ERR!|error) *");
  private static final int TOLD_LINES = 2;

  /** npm gave no archive; the message tells why. */
  private static final class NpmFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    NpmFailedException(String message) {
      super(message);
    }
  }

  @Override
  public String label() {
    return "npm " + npm.spec();
  }

  @Override
  public void look(Search.Visit visit) throws InterruptedException {
    Optional<Path> program = program();
    if (program.isEmpty()) {
      visit.failed("no npm on the PATH");
      return;
    }
    try {
      Path folder = Files.createTempDirectory(temp, "npm-");
      try {
        read(pack(program.get(), folder), visit);
      } finally {
        delete(folder);
      }
    } catch (NpmFailedException e) {
      visit.failed(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      visit.failed("the archive " + FetchFailures.words(e));
    }
  }

  private Optional<Path> program() {
    boolean windows = File.separatorChar == '\\';
    for (String folder : searchPath.split(Pattern.quote(File.pathSeparator), -1)) {
      Path program = Path.of(folder, windows ? "npm.cmd" : "npm");
      if (!folder.isEmpty() && Files.isRegularFile(program) && Files.isExecutable(program)) {
        return Optional.of(program.toAbsolutePath());
      }
    }
    return Optional.empty();
  }

  /** Runs npm and returns the archive that it leaves in {@code folder}. */
  private Path pack(Path program, Path folder) throws IOException, InterruptedException {
    Path errors = folder.resolve("npm-errors.txt");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "pack",
                npm.spec(),
                "--ignore-scripts",
                "--loglevel=error", // Silent would hide why it fails.
                "--pack-destination",
                folder.toAbsolutePath().toString())
            .directory(folder.toFile()) // Away from the settings of any project.
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(errors.toFile())
            .start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new NpmFailedException("not done within " + timeout.toSeconds() + " s");
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw new NpmFailedException("npm pack ended with " + process.exitValue() + told(errors));
    }
    try (DirectoryStream<Path> archives = Files.newDirectoryStream(folder, "*.tgz")) {
      for (Path archive : archives) {
        return archive;
      }
    }
    throw new NpmFailedException("npm pack left no archive");
  }

  private static String told(Path errors) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line :
        new String(Files.readAllBytes(errors), Charset.defaultCharset()).split("\\R", -1)) {
      String words = ERROR_MARK.matcher(line).replaceFirst("").strip();
      if (!words.isEmpty() && lines.size() < TOLD_LINES) {
        lines.add(words);
      }
    }
    return lines.isEmpty() ? "" : " (" + String.join(", ", lines) + ")";
  }

  private void read(Path archive, Search.Visit visit) throws IOException {
    List<DigitFile> missing = visit.missing();
    List<String> reasons = new ArrayList<>();
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        for (DigitFile wanted : missing) {
          String name = nameIn(entry, wanted);
          if (!name.isEmpty()) {
            try {
              visit.found(wanted, PinnedBytes.read(name, tar, wanted.digest()));
            } catch (PinnedBytes.MismatchException e) {
              reasons.add(name + " " + FetchFailures.words(e));
            }
          }
        }
      }
    }
    reasons.forEach(visit::failed);
    if (reasons.isEmpty()) {
      visit.missing().forEach(f -> visit.failed(f.name() + " is not in " + npm.folder()));
    }
  }

  /** Returns the spelling of {@code wanted} that {@code entry} has, or nothing. */
  private String nameIn(TarArchiveEntry entry, DigitFile wanted) {
    for (String spelling : Spellings.of(wanted.name())) {
      if (entry.isFile() && entry.getName().equals(npm.folder() + "/" + spelling)) {
        return spelling;
      }
    }
    return "";
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
