package dev.moorage.cli;

import dev.moorage.client.ClientException;
import dev.moorage.volume.VolumeException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** One call of the command: arguments in, an exit code out. */
final class Invocation {

  private static final int USAGE_WIDTH = 110;

  private final Terminal terminal;
  private final Map<String, String> environment;
  private final Clock clock;

  Invocation(Terminal terminal, Map<String, String> environment, Clock clock) {
    this.terminal = terminal;
    this.environment = environment;
    this.clock = clock;
  }

  int run(String... typed) {
    String[] arguments = understood(List.of(typed)).toArray(String[]::new);
    Optional<String> empty = firstEmpty(arguments);
    if (empty.isPresent()) {
      terminal.err().println("moorage: " + empty.get() + " is empty. Is a variable not set? To have the default, leave the word out");
      return ExitCode.USAGE;
    }
    MoorageCommand root = new MoorageCommand(terminal, environment, clock);
    CommandLine line = Commands.narrow(root, List.of(arguments));
    line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    line.setUsageHelpWidth(USAGE_WIDTH);
    // An alias may give an option that a user then overrules.
    line.setOverwrittenOptionsAllowed(true);
    line.setParameterExceptionHandler((failure, given) -> misused(failure));
    line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure));
    if (arguments.length == 0) {
      line.usage(line.getErr());
      return ExitCode.USAGE;
    }
    return line.execute(arguments);
  }

  /** What users of other programs type, in the words of this one. */
  private static List<String> understood(List<String> typed) {
    String first = typed.isEmpty() ? "" : typed.getFirst();
    if (first.equals("help")) {
      return Stream.concat(typed.stream().skip(1), Stream.of("--help")).toList();
    }
    return first.equals("--version") ? Stream.concat(Stream.of("version"), typed.stream().skip(1)).toList() : typed;
  }

  /** An empty word is an unset variable of a script, and must not pass for a word left out: no name must not mean all. */
  private static Optional<String> firstEmpty(String... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].isEmpty()) {
        return Optional.of(i == 0 ? "the first word" : "the word after '" + arguments[i - 1] + "'");
      }
      if (arguments[i].matches("--[a-z-]+=")) {
        return Optional.of("'" + arguments[i] + "'");
      }
    }
    return Optional.empty();
  }

  /** A mistake on the command line: what it is and where the right way is written, not a page of help. */
  private int misused(ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    terminal.err().println("moorage: " + failure.getMessage());
    UnmatchedArgumentException.printSuggestions(failure, new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    terminal.err().println("'" + command.getCommandSpec().qualifiedName() + " --help' shows how it is used");
    return ExitCode.USAGE;
  }

  private int failed(Exception failure) throws Exception {
    if (failure instanceof ClientException e) {
      terminal.err().println("moorage: " + e.getMessage());
      return ExitCode.of(e);
    }
    if (failure instanceof VolumeException e) {
      terminal.err().println("moorage: " + e.getMessage());
      return ExitCode.of(e);
    }
    if (failure instanceof IllegalArgumentException e) {
      terminal.err().println("moorage: " + e.getMessage());
      return ExitCode.USAGE;
    }
    throw failure;
  }
}
