package dev.twintail.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code man}: the manual page, made of what {@code --help} says. */
@Command(
    name = "man",
    description = "Prints the manual page of all commands, for man.",
    footer = {
      "twintail man > twintail.1 && man ./twintail.1",
      "twintail man > ~/.local/share/man/man1/twintail.1",
    })
final class ManCommand extends ProgramCommand {
  @Override
  public Integer call() {
    CommandLine root = Main.root(new String[0]);
    List<String> page = new ArrayList<>();
    page.add(".TH TWINTAIL 1");
    page.add(".SH NAME");
    page.add(
        "twintail \\- "
            + text(String.join(" ", root.getCommandSpec().usageMessage().description())));
    page.add(".SH SYNOPSIS");
    page.add(".B twintail");
    page.add("COMMAND [OPTIONS] ...");
    page.add(".SH COMMANDS");
    for (CommandLine sub : root.getSubcommands().values()) {
      add(sub.getCommandSpec(), page);
    }
    page.add(".SH EXIT STATUS");
    for (Map.Entry<String, String> code :
        root.getCommandSpec().usageMessage().exitCodeList().entrySet()) {
      add(code.getKey(), List.of(code.getValue()), page);
    }
    PrintWriter out = out();
    page.forEach(out::println);
    out.flush();
    return ExitCode.OK;
  }

  private static void add(CommandSpec spec, List<String> page) {
    page.add(".SS twintail " + text(spec.name()));
    for (String line : spec.usageMessage().description()) {
      page.add(".PP");
      page.add(text(String.format(line)));
    }
    if (spec.usageMessage().footer().length > 0) {
      page.add(".PP");
      page.add("Examples:");
      page.add(".nf");
      for (String line : spec.usageMessage().footer()) {
        page.add("  " + text(String.format(line)));
      }
      page.add(".fi");
    }
    spec.positionalParameters().forEach(p -> add(p, p.paramLabel(), page));
    for (OptionSpec option : spec.options()) {
      String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
      add(option, String.join(", ", option.names()) + value, page);
    }
  }

  private static void add(ArgSpec argument, String label, List<String> page) {
    if (!argument.hidden()) {
      add(label, List.of(argument.description()), page);
    }
  }

  private static void add(String label, List<String> description, List<String> page) {
    page.add(".TP");
    page.add(".B " + text(label));
    page.add(description.isEmpty() ? "\\&" : text(String.format(String.join(" ", description))));
  }

  /** Returns words as roff takes them for words. */
  private static String text(String words) {
    String text = words.replace("\\", "\\e").replace("-", "\\-");
    return text.startsWith(".") || text.startsWith("'") ? "\\&" + text : text;
  }
}
