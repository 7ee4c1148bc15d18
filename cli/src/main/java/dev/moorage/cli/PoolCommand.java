package dev.moorage.cli;

import dev.moorage.client.ClientException;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.PoolName;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moorage pool …}. */
@Command(name = "pool", description = "Make, look at and change pools.", synopsisSubcommandLabel = "COMMAND")
final class PoolCommand {

  private PoolCommand() {}

  /** The command itself, which only holds the others. */
  static Object group() {
    return new PoolCommand();
  }

  static int changed(MoorageCommand root, String what, String path, JsonObjectBuilder body, String sentence)
      throws ClientException {
    JsonObject pool = root.questions().post(what, path, body).getJsonObject("pool");
    root.results().changed(pool, View.pools(), "pool " + pool.getString("name") + " " + sentence);
    return ExitCode.OK;
  }

  @Command(name = "ls", description = "List the pools; a star marks the default one.")
  static final class Ls implements Callable<Integer> {
    private final MoorageCommand root;

    Ls(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() throws ClientException {
      List<JsonObject> pools = root.questions().get("/v1/pools").getJsonArray("pools").getValuesAs(JsonObject.class);
      root.results().list(pools, View.pools(), "There are no pools.");
      return ExitCode.OK;
    }
  }

  @Command(name = "inspect", description = "Show everything about pools.")
  static final class Inspect implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(paramLabel = "POOL", arity = "1..*")
    List<String> names = List.of();

    Inspect(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      Questions questions = root.questions();
      return Each.look(root, names, View.pools(), name -> {
        JsonObject pool = questions.get("/v1/pools/" + new PoolName(name)).getJsonObject("pool");
        return new Each.Done(pool, Details.pool(pool));
      });
    }
  }

  @Command(name = "grow", description = "Make an automatic pool file larger. It grows by itself too.")
  static final class Grow implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(index = "0", paramLabel = "POOL")
    String name = "";

    @Parameters(index = "1", paramLabel = "SIZE", description = "By how much, such as 10G.")
    String size = "";

    Grow(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() throws ClientException {
      ByteSize by = ByteSize.parsePositive(size.startsWith("+") ? size.substring(1) : size);
      return changed(root, "growing pool " + name, "/v1/pools/" + new PoolName(name) + ":grow",
          Questions.body().add("by", Long.toString(by.bytes())), "has grown by " + by);
    }
  }

  @Command(name = "trash", description = "List what can still be undone, or empty it for good.")
  static final class Trash implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(paramLabel = "POOL", arity = "0..1", description = "Default: all pools.")
    String name = "";

    @Option(names = "--empty", description = "Delete it all for good, now.")
    boolean empty;

    Trash(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() throws ClientException {
      Questions questions = root.questions();
      String query = name.isEmpty() ? "" : "?pool=" + new PoolName(name);
      if (empty) {
        JsonObject answer = questions.post("emptying the trash", "/v1/trash:empty" + query, Questions.body());
        int emptied = answer.getInt("emptied");
        root.results().changed(answer, new View(List.of(), json -> View.number(json, "emptied")),
            emptied == 0 ? "the trash was empty" : emptied + (emptied == 1 ? " thing is" : " things are") + " gone for good");
        return ExitCode.OK;
      }
      List<JsonObject> trash = questions.get("/v1/trash" + query).getJsonArray("trash").getValuesAs(JsonObject.class);
      root.results().list(trash, View.trash(root.clock().instant()), "The trash is empty.");
      return ExitCode.OK;
    }
  }
}
