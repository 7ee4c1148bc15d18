package dev.moorage.cli;

import dev.moorage.client.AdminClient;
import dev.moorage.config.Configuration;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root command: it holds the options that every command has, and what they lead to. */
@Command(
    name = "moorage",
    description = "Container volumes on local disks, with snapshots.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 busy or in use, 5 the service cannot be reached,",
      "6 exists already, 7 no space. 'moorage COMMAND --help' says more."
    })
final class MoorageCommand {

  private final Terminal terminal;
  private final Map<String, String> environment;
  private final Clock clock;

  @Option(names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT, description = "Show this help.")
  boolean help;

  @Option(names = "--admin-socket", paramLabel = "PATH", scope = ScopeType.INHERIT,
      description = "Socket of the service. Default: MOORAGE_ADMIN_SOCKET, else " + Configuration.DEFAULT_ADMIN_SOCKET + ".")
  String adminSocket = "";

  @Option(names = {"-o", "--output"}, paramLabel = "FORM", scope = ScopeType.INHERIT,
      description = "Form of the results: table (default), json or name.")
  Output output = Output.table;

  @Option(names = "--owner", paramLabel = "OWNER", scope = ScopeType.INHERIT,
      description = "Whose volumes are meant: local (default), docker, … Use docker so that Docker sees what you make.")
  String owner = "";

  MoorageCommand(Terminal terminal, Map<String, String> environment, Clock clock) {
    this.terminal = terminal;
    this.environment = Map.copyOf(environment);
    this.clock = clock;
  }

  Terminal terminal() {
    return terminal;
  }

  Map<String, String> environment() {
    return environment;
  }

  Clock clock() {
    return clock;
  }

  Path socket() {
    if (!adminSocket.isEmpty()) {
      return Path.of(adminSocket);
    }
    String named = environment.getOrDefault("MOORAGE_ADMIN_SOCKET", "");
    return Path.of(named.isEmpty() ? Configuration.DEFAULT_ADMIN_SOCKET : named);
  }

  /** What asks the service on behalf of this command line. */
  Questions questions() {
    return new Questions(new AdminClient(socket()), owner, terminal);
  }

  Results results() {
    return new Results(terminal.out(), output);
  }
}
