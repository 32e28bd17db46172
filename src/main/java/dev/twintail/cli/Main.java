package dev.twintail.cli;

import dev.twintail.app.Engine;
import dev.twintail.app.ExportFormat;
import dev.twintail.pipeline.BeamRunner;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The program. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    // Beam's threads linger after a failure; nothing of value is lost by not waiting for them.
    System.exit(run(args, StandardOutput.ofProcess(), err));
  }

  /** Runs one command, and sees to it that what it printed got through. */
  static int run(String[] args, StandardOutput standard, PrintWriter err) {
    Optional<String> refusal = Surroundings.refusal(args);
    if (refusal.isPresent()) {
      err.println("twintail: " + refusal.get());
      return ExitCode.STORE;
    }
    PrintWriter out = new PrintWriter(standard, true, StandardCharsets.UTF_8);
    int code = run(args, out, err);
    out.flush();
    Optional<IOException> failure = standard.failure();
    if (failure.isEmpty() || code != ExitCode.OK) {
      return code;
    }
    if (StandardOutput.isBrokenPipe(failure.get())) {
      return ExitCode.BROKEN_PIPE;
    }
    err.println(
        "twintail: Cannot write the output: "
            + failure.get().getMessage()
            + "; what the command did is done, what it printed is not whole");
    return ExitCode.STORE;
  }

  /** Runs one command and returns its exit code. */
  static int run(String[] args, PrintWriter rawOut, PrintWriter rawErr) {
    PrintWriter out = new PrintWriter(new PlainWriter(rawOut), true);
    PrintWriter err = new PrintWriter(new PlainWriter(rawErr), true);
    FailureHandler failures = new FailureHandler(err);
    CommandLine root =
        root(args)
            .setOut(out)
            .setErr(err)
            .setExecutionExceptionHandler(failures)
            .setParameterExceptionHandler(failures);
    try {
      return root.execute(args);
    } catch (Error e) { // Such as OutOfMemoryError; picocli passes it on.
      return failures.handleError(e, root);
    }
  }

  /** Returns the command line with the command that is meant; with all of them if none is clear. */
  static CommandLine root(String[] args) {
    Map<String, Supplier<Object>> commands = commands();
    if (args.length > 0 && commands.containsKey(args[0])) {
      // A command costs tens of milliseconds to set up: only the one that is meant, if it is clear
      // which.
      Object meant = commands.get(args[0]).get();
      if (meant instanceof StudyCommand study) {
        study.readAhead(args);
      }
      commands = Map.of(args[0], () -> meant);
    }
    CommandLine root = new CommandLine(new Twintail());
    CommandLine help = new CommandLine(new HelpCommand());
    help.getCommandSpec()
        .usageMessage()
        .footer("twintail help                                 all commands", "twintail help run");
    root.addSubcommand("help", help);
    commands.forEach((name, command) -> root.addSubcommand(name, command.get()));
    root.getSubcommands().values().forEach(Main::putExamplesFirst);
    return root.registerConverter(Integer.class, new Arguments<>(Arguments::integer))
        .registerConverter(int.class, new Arguments<>(Arguments::integer))
        .registerConverter(Long.class, new Arguments<>(Arguments::whole))
        .registerConverter(Engine.class, Arguments.of(Engine.values()))
        .registerConverter(
            BeamRunner.RunnerName.class, Arguments.of(BeamRunner.RunnerName.values()))
        .registerConverter(ExportFormat.class, Arguments.of(ExportFormat.values()))
        .registerConverter(
            ResultsCommand.ResultsFormat.class, Arguments.of(ResultsCommand.ResultsFormat.values()))
        .registerConverter(LogCommand.RunStatus.class, Arguments.of(LogCommand.RunStatus.values()))
        .registerConverter(
            LineageCommand.GraphFormat.class, Arguments.of(LineageCommand.GraphFormat.values()));
  }

  /** What is wanted most often comes before the options, of which there may be many. */
  private static void putExamplesFirst(CommandLine command) {
    List<String> keys = new ArrayList<>(command.getHelpSectionKeys());
    List<String> examples =
        List.of(UsageMessageSpec.SECTION_KEY_FOOTER_HEADING, UsageMessageSpec.SECTION_KEY_FOOTER);
    keys.removeAll(examples);
    keys.addAll(keys.indexOf(UsageMessageSpec.SECTION_KEY_PARAMETER_LIST_HEADING), examples);
    command.setHelpSectionKeys(keys);
    command
        .getCommandSpec()
        .usageMessage()
        .abbreviateSynopsis(true)
        .footerHeading("%nExamples:%n")
        .parameterListHeading("%n")
        .optionListHeading("%nOptions:%n");
  }

  static Set<String> names() {
    Set<String> names = new TreeSet<>(commands().keySet());
    names.add("help");
    return names;
  }

  private static Map<String, Supplier<Object>> commands() {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("run", RunCommand::new);
    commands.put("plan", PlanCommand::new);
    commands.put("explain", ExplainCommand::new);
    commands.put("verify", VerifyCommand::new);
    commands.put("results", ResultsCommand::new);
    commands.put("check", CheckCommand::line);
    commands.put("claims", ClaimsCommand::new);
    commands.put("league", LeagueCommand::new);
    commands.put("report", ReportCommand::new);
    commands.put("log", LogCommand::new);
    commands.put("diff", DiffCommand::new);
    commands.put("lineage", LineageCommand::new);
    commands.put("ls", LsCommand::new);
    commands.put("get", GetCommand::new);
    commands.put("export", ExportCommand::new);
    commands.put("push", CopyCommand::push);
    commands.put("pull", CopyCommand::pull);
    commands.put("fsck", FsckCommand::new);
    commands.put("du", DuCommand::new);
    commands.put("gc", GcCommand::new);
    commands.put("keygen", KeygenCommand::new);
    commands.put("digits", DigitsCommand::new);
    commands.put("self-test", SelfTestCommand::new);
    commands.put("completion", CompletionCommand::new);
    commands.put("man", ManCommand::new);
    commands.put("version", VersionCommand::new);
    return commands;
  }
}
