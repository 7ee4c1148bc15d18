package dev.moorage.cli;

import dev.moorage.client.AdminClient;
import dev.moorage.client.ClientException;
import dev.moorage.config.Durations;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.PoolName;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moorage pool create} and {@code moorage pool adopt}. */
@Command(name = "create", description = "Make a pool and open it, now and at every start.")
final class PoolCreateCommand implements Callable<Integer> {

  /** What an operator says about a pool that is made or adopted. */
  static final class Settings {
    @Parameters(index = "0", paramLabel = "NAME", description = "The pool's name on this host.")
    String name = "";

    @Parameters(index = "1", paramLabel = "DIRECTORY",
        description = "On XFS with reflink it is used as it is, else a pool file is made in it.")
    String directory = "";

    @Option(names = "--backends", split = ",", paramLabel = "BACKEND",
        description = "image, directory or both; the first is the default.")
    List<String> backends = List.of();

    @Option(names = "--overcommit", paramLabel = "FACTOR", description = "How many times its bytes may be promised.")
    String overcommit = "";

    @Option(names = "--default-size", paramLabel = "SIZE", description = "Size of volumes whose creator names none.")
    String defaultSize = "";

    @Option(names = "--trash-retention", paramLabel = "DURATION",
        description = "How long what was deleted can be undone, such as 7d or 12h. Default: 24h.")
    String trashRetention = "";

    JsonObjectBuilder body() {
      if (directory.isBlank()) {
        throw new IllegalArgumentException("the DIRECTORY of a pool cannot be empty");
      }
      JsonObjectBuilder body = Questions.body()
          .add("name", new PoolName(name).value())
          .add("path", Path.of(directory).toAbsolutePath().normalize().toString());
      JsonArrayBuilder kinds = AdminClient.json().createArrayBuilder();
      backends.forEach(kinds::add);
      body.add("backends", kinds);
      if (!overcommit.isEmpty()) {
        body.add("overcommit", factor(overcommit));
      }
      if (!defaultSize.isEmpty()) {
        body.add("defaultSize", Long.toString(ByteSize.parsePositive(defaultSize).bytes()));
      }
      if (!trashRetention.isEmpty()) {
        body.add("trashRetention", Durations.parse(trashRetention).toString());
      }
      return body;
    }

    private static double factor(String text) {
      if (!text.matches("\\d{1,9}(\\.\\d{1,9})?")) {
        throw new IllegalArgumentException("--overcommit: '" + text + "' is not a number, such as 1 or 2.5");
      }
      return Double.parseDouble(text);
    }
  }

  private final MoorageCommand root;

  @Mixin
  Settings settings = new Settings();

  PoolCreateCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws ClientException {
    return PoolCommand.changed(root, "making the pool", "/v1/pools", settings.body(), "is made and open");
  }

  /** {@code moorage pool adopt}. */
  @Command(name = "adopt", description = "Open a pool that was made elsewhere, with its volumes and snapshots, now and at every start.")
  static final class Adopt implements Callable<Integer> {
    private final MoorageCommand root;

    @Mixin
    Settings settings = new Settings();

    Adopt(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() throws ClientException {
      return PoolCommand.changed(root, "adopting the pool", "/v1/pools:adopt", settings.body(), "is adopted and open");
    }
  }
}
