package dev.twintail.cli;

import dev.twintail.app.Engine;
import dev.twintail.app.Installation;
import dev.twintail.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;

/** {@code version}: the program's version and what determines the bits of its results. */
@Command(
    name = "version",
    description = "Prints the version, and the numeric environment that action keys hold.",
    footer = {
      "twintail version",
    })
final class VersionCommand extends ProgramCommand {
  private static final String PLATFORM =
      System.getProperty("os.name") + " " + System.getProperty("os.arch");

  /** Tells picocli the version. */
  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "twintail %s (Java %s, %s, numeric profile %s)"
            .formatted(
                Installation.version(),
                System.getProperty("java.version"),
                PLATFORM,
                Engine.profile())
      };
    }
  }

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    if (json.isGiven()) {
      json.print(
          new JsonObject()
              .put("version", Installation.version())
              .put("java", System.getProperty("java.version"))
              .put("platform", PLATFORM)
              .put("profile", Engine.profile())
              .put("environment", Engine.BLAS.environment()));
      return ExitCode.OK;
    }
    PrintWriter out = out();
    out.println("twintail " + Installation.version());
    out.println(
        "java " + System.getProperty("java.version") + ", " + System.getProperty("java.vendor"));
    out.println(PLATFORM);
    out.println("numeric profile: " + Engine.profile());
    Engine.BLAS.environment().forEach((name, value) -> out.println(name + ": " + value));
    return ExitCode.OK;
  }
}
