package dev.twintail.cli;

import dev.twintail.app.ShellWord;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What a command was given that a hint has to repeat, since without it the hint would mean another
 * store or another experiment; as a shell reads it.
 *
 * @param study the experiment and which part of it, such as {@code vieli2021 --rounds 1}; empty if
 *     the command takes none
 * @param store such as {@code --store DIR}, with a space before; empty where nothing was said
 */
record Given(String study, String store) {

  static Given to(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    List<String> study = new ArrayList<>();
    spec.positionalParameters().stream()
        .filter(p -> p.paramLabel().equals("SPEC"))
        .map(ArgSpec::originalStringValues)
        .forEach(values -> values.forEach(value -> study.add(ShellWord.quoted(value))));
    for (String name : List.of("--only", "--rounds", "--engine")) {
      study.addAll(option(name, spec));
    }
    List<String> store = new ArrayList<>();
    for (String name : List.of("--store", "--trust")) {
      store.addAll(option(name, spec));
    }
    return new Given(
        String.join(" ", study), store.stream().map(" "::concat).collect(Collectors.joining()));
  }

  private static List<String> option(String name, CommandSpec spec) {
    OptionSpec option = spec.findOption(name);
    return option == null
        ? List.of()
        : option.originalStringValues().stream()
            .map(value -> name + " " + ShellWord.quoted(value))
            .toList();
  }
}
