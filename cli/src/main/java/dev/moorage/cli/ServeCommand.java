package dev.moorage.cli;

import dev.moorage.config.Configuration;
import dev.moorage.serve.CannotServe;
import dev.moorage.serve.Lifetime;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code moorage serve}. What it starts is named only in the body of its call, so that help and completion load none of it. */
@Command(name = "serve", description = {
    "Run the service in the foreground, until SIGTERM or SIGINT. Volumes in use stay mounted.",
    "It prints one line beginning with 'ready' when its sockets answer. docs/configuration.md describes every setting."})
final class ServeCommand implements Callable<Integer> {

  private final MoorageCommand root;

  @Mixin
  ServeFlags flags = new ServeFlags();

  ServeCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Optional<Configuration> configuration = flags.read(root, "start");
    if (configuration.isEmpty()) {
      return ExitCode.USAGE;
    }
    try {
      Terminal terminal = root.terminal();
      Lifetime.serve(configuration.get(), Version.current(), root.environment(), root.clock(), terminal.out(), terminal.err());
      return ExitCode.OK;
    } catch (CannotServe e) {
      root.terminal().err().println("moorage: " + e.getMessage());
      return ExitCode.FAILED;
    }
  }
}
