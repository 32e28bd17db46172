package dev.twintail.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code completion}: what lets a shell complete commands and options. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    description = "Prints a script that lets bash or zsh complete commands and options.",
    footer = {
      "source <(twintail completion)                bash, or zsh after compinit",
      "twintail completion > ~/.local/share/bash-completion/completions/twintail",
    })
final class CompletionCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    CommandLine root = Main.root(new String[0]);
    command.commandLine().getOut().print(AutoComplete.bash("twintail", root));
    return ExitCode.OK;
  }
}
