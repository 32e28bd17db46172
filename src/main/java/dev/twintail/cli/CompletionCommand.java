package dev.twintail.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code completion}: what lets a shell complete commands and options. */
@Command(
    name = "completion",
    description = "Prints a script that lets bash or zsh complete commands and options.",
    footer = {
      "source <(twintail completion)                bash, or zsh after compinit",
      "twintail completion > ~/.local/share/bash-completion/completions/twintail",
    })
final class CompletionCommand extends ProgramCommand {
  @Override
  public Integer call() {
    CommandLine root = Main.root(new String[0]);
    out().print(AutoComplete.bash("twintail", root));
    return ExitCode.OK;
  }
}
