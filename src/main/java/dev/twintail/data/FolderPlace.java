package dev.twintail.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A folder that the user names. */
record FolderPlace(Path folder) implements Search.SearchPlace {
  @Override
  public String label() {
    return "folder " + folder;
  }

  @Override
  public void look(Search.Visit visit) {
    if (!Files.isDirectory(folder)) {
      visit.failed(Files.exists(folder) ? "is no folder" : "does not exist");
      return;
    }
    for (DigitFile file : visit.missing()) {
      look(file, visit);
    }
  }

  private void look(DigitFile file, Search.Visit visit) {
    List<String> reasons = new ArrayList<>();
    for (String spelling : Spellings.of(file.name())) {
      Path path = folder.resolve(spelling);
      if (!Files.exists(path)) {
        continue;
      }
      if (!Files.isRegularFile(path)) {
        reasons.add(spelling + " is no file");
        continue;
      }
      try {
        long size = Files.size(path);
        if (!spelling.endsWith(".gz") && size != file.digest().size()) {
          throw PinnedBytes.wrongSize(Long.toString(size), file.digest());
        }
        try (InputStream in = Files.newInputStream(path)) {
          visit.found(file, PinnedBytes.read(spelling, in, file.digest()));
          return;
        }
      } catch (AccessDeniedException e) {
        reasons.add(spelling + " may not be read");
      } catch (IOException e) {
        reasons.add(spelling + " " + FetchFailures.words(e));
      }
    }
    if (reasons.isEmpty()) {
      reasons.add(file.name() + " is not there");
    }
    reasons.forEach(visit::failed);
  }
}
