package dev.moorage.cli;

import dev.moorage.client.ClientException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
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

  int run(String... arguments) {
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
    if (failure instanceof IllegalArgumentException e) {
      terminal.err().println("moorage: " + e.getMessage());
      return ExitCode.USAGE;
    }
    throw failure;
  }
}
