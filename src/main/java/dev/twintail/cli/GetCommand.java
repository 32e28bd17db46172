package dev.twintail.cli;

import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.pipeline.Workspace;
import dev.twintail.spec.Experiment;
import dev.twintail.store.ObjectStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code get}: copies artifacts out of the store, under names for people. */
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    sortOptions = false,
    description = "Copies artifacts of an experiment into a folder: datasets, weights, results.")
final class GetCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private ExperimentOptions options;

  @Parameters(
      index = "1..*",
      paramLabel = "NAME",
      description = {
        "Names, folders or globs as 'ls' prints them, such as datasets,",
        "'weights/*/round-01' or results/summary.arrow. Default: results."
      })
  private List<String> patterns = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      required = true,
      description = "The folder to copy into; made when needed.")
  private Path output;

  @Option(names = "--force", description = "Replace files that hold something else.")
  private boolean force;

  @Mixin private StoreOption store;
  @Mixin private TrustOption trust;

  @SuppressWarnings("NullAway.Init") // picocli fills it in.
  GetCommand() {}

  @Override
  public Integer call() throws Exception {
    Experiment experiment = options.read();
    TrustOption.Keys keys = trust.read();
    PrintWriter err = command.commandLine().getErr();
    try (ObjectStore objects = store.open()) {
      Workspace workspace =
          Workspace.of(
              objects, err::println, VersionCommand.programVersion(), "get", keys.in(objects));
      Catalogue catalogue =
          Catalogue.of(Results.plan(experiment, options, workspace), options.name());
      TrustOption.warn(workspace.trust(), err::println);
      SortedMap<String, Digest> found =
          catalogue.matching(patterns.isEmpty() ? List.of("results") : patterns);
      for (Map.Entry<String, Digest> entry : found.entrySet()) {
        Blob blob =
            workspace
                .blobs()
                .get(entry.getValue())
                .orElseThrow(
                    () -> new NoResultsException("Cannot find " + entry.getKey() + " any more"));
        write(blob, output.resolve(entry.getKey()));
        command.commandLine().getOut().println(output.resolve(entry.getKey()));
      }
    }
    return ExitCode.OK;
  }

  private void write(Blob blob, Path file) throws IOException {
    try {
      requireNoLinkTo(file);
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException("Cannot write " + file + ": it is a folder");
      }
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
            && Digest.of(Files.readAllBytes(file)).equals(blob.digest())) {
          return;
        }
        if (!force) {
          throw new IOException(
              "Cannot write " + file + ": it holds something else; --force replaces it");
        }
      }
      Path folder = file.toAbsolutePath().getParent();
      if (folder == null) {
        throw new IOException("Cannot write " + file + ": it is a root folder");
      }
      Files.createDirectories(folder);
      // Not a temp file of the JDK, which no one but its owner could read.
      Path part = folder.resolve("." + file.getFileName() + "." + blob.digest() + ".part");
      Files.deleteIfExists(part);
      try {
        // A new file: one that stands there could be a link.
        Files.write(part, blob.bytes(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (java.nio.file.FileSystemException e) {
      String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
      throw new IOException("Cannot write " + file + ": " + reason, e);
    }
  }

  /** The output folder may be a link, as the user names it; below it none is followed. */
  private void requireNoLinkTo(Path file) throws IOException {
    for (Path folder = file.getParent();
        folder != null && !folder.equals(output);
        folder = folder.getParent()) {
      if (Files.isSymbolicLink(folder)) {
        throw new IOException(
            "Cannot write "
                + file
                + ": "
                + folder
                + " is a symbolic link; remove it, or choose another folder by -o");
      }
    }
  }
}
