package dev.twintail.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Whose results are believed. */
final class TrustOption {
  @Option(
      names = "--trust",
      order = 100,
      paramLabel = "KEY",
      description = {
        "Believe only results signed with this public key (a .pub file of keygen); "
            + "others count as absent. May be repeated."
      })
  private List<Path> files = new ArrayList<>();

  List<Path> files() {
    return files;
  }
}
