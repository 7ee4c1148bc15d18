package dev.moorage.cli;

import static dev.moorage.cli.View.volumeName;

import dev.moorage.client.ClientException;
import dev.moorage.volume.ByteSize;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moorage volume …}, but for create and clone. */
@Command(name = "volume", description = "Make, look at and change volumes.", synopsisSubcommandLabel = "COMMAND")
final class VolumeCommand {

  private VolumeCommand() {}

  /** The command itself, which only holds the others. */
  static Object group() {
    return new VolumeCommand();
  }

  @Command(name = "ls", description = "List volumes, of all owners or of the one that --owner names.")
  static final class Ls implements Callable<Integer> {
    private final MoorageCommand root;

    Ls(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() throws ClientException {
      Questions questions = root.questions();
      String query = questions.owner().isEmpty() ? "" : "?owner=" + questions.owner();
      List<JsonObject> volumes = questions.get("/v1/volumes" + query).getJsonArray("volumes").getValuesAs(JsonObject.class);
      root.results().list(volumes, View.volumes(root.clock().instant()),
          "There are no volumes. Make one with 'moorage volume create NAME' or 'docker volume create -d moorage NAME'.");
      return ExitCode.OK;
    }
  }

  @Command(name = "inspect", description = "Show everything about volumes.")
  static final class Inspect implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(paramLabel = "VOLUME", arity = "1..*", description = "Name, OWNER/NAME or id.")
    List<String> names = List.of();

    Inspect(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      Questions questions = root.questions();
      return Each.look(root, names, View.volumes(root.clock().instant()), name -> {
        JsonObject volume = questions.get(Questions.volume(name)).getJsonObject("volume");
        return new Each.Done(volume, Details.volume(volume, root.clock().instant()));
      });
    }
  }

  @Command(name = "grow", description = "Make a volume larger, also while it is in use.")
  static final class Grow implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(index = "0", paramLabel = "VOLUME", description = "Name, OWNER/NAME or id.")
    String name = "";

    @Parameters(index = "1", paramLabel = "SIZE", description = "The new size, such as 20G, or what to add, such as +5G.")
    String size = "";

    Grow(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() throws ClientException {
      Questions questions = root.questions();
      String path = Questions.volume(name);
      JsonObjectBuilder body = Questions.body().add("size", wanted(questions, path));
      JsonObject volume = questions.post("growing " + name, path + ":grow", body).getJsonObject("volume");
      root.results().changed(volume, View.volumes(root.clock().instant()),
          "volume " + volumeName(volume) + " has " + View.bytes(volume, "sizeBytes") + " now");
      return ExitCode.OK;
    }

    private String wanted(Questions questions, String path) throws ClientException {
      ByteSize given = ByteSize.parse(size.startsWith("+") ? size.substring(1) : size);
      if (!size.startsWith("+")) {
        return Long.toString(given.bytes());
      }
      long now = questions.get(path).getJsonObject("volume").getJsonNumber("sizeBytes").longValueExact();
      return Long.toString(ByteSize.ofBytes(now).plus(given).bytes());
    }
  }

  @Command(name = "rm", description = "Move volumes with all they hold to the trash; 'undo' brings them back for a while.")
  static final class Rm implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(paramLabel = "VOLUME", arity = "1..*", description = "Name, OWNER/NAME or id.")
    List<String> names = List.of();

    Rm(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      Questions questions = root.questions();
      return Each.of(root, names, View.volumes(root.clock().instant()), name -> {
        JsonObject answer = questions.delete("deleting " + name, Questions.volume(name));
        JsonObject volume = answer.getJsonObject("volume");
        Duration undo = Duration.ofSeconds(answer.getJsonNumber("undoSeconds").longValue());
        return new Each.Done(volume, "volume " + volumeName(volume) + (undo.isZero()
            ? " is deleted, and its pool keeps no trash"
            : " is in the trash. For the next " + Humans.span(undo) + " 'moorage volume undo " + volumeName(volume) + "' brings it back"));
      });
    }
  }

  @Command(name = "undo", description = "Bring deleted volumes back.")
  static final class Undo implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(paramLabel = "VOLUME", arity = "1..*", description = "The name that it had, or OWNER/NAME.")
    List<String> names = List.of();

    @Option(names = "--as", paramLabel = "NAME", description = "Give it another name, because its own is taken.")
    String as = "";

    Undo(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      if (names.size() > 1 && !as.isEmpty()) {
        throw new IllegalArgumentException("--as gives one name, but several volumes are to come back; bring back one at a time");
      }
      Questions questions = root.questions();
      return Each.of(root, names, View.volumes(root.clock().instant()), name -> {
        JsonObjectBuilder body = as.isEmpty() ? Questions.body() : Questions.body().add("as", as);
        JsonObject volume = questions.post("bringing back " + name, Questions.volume(name) + ":undo", body).getJsonObject("volume");
        return new Each.Done(volume, "volume " + volumeName(volume) + " is back");
      });
    }
  }

  @Command(name = "rollback", description = {
      "Set a volume that is not in use back to one of its snapshots.",
      "What it held is kept as another snapshot."})
  static final class Rollback implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(paramLabel = "VOLUME@SNAPSHOT", arity = "1..2",
        description = "Such as db@before; 'db before' means the same.")
    List<String> names = List.of();

    Rollback(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() throws ClientException {
      String snapshot = String.join("@", names);
      JsonObject answer = root.questions()
          .post("rolling back to " + snapshot, Questions.snapshot(snapshot) + ":rollback", Questions.body());
      JsonObject safety = answer.getJsonObject("safetySnapshot");
      root.results().changed(safety, View.snapshots(root.clock().instant()), "volume " + snapshot.substring(0, snapshot.lastIndexOf('@'))
          + " is as it was at " + snapshot + ". What it held before is kept as " + View.snapshotName(safety));
      return ExitCode.OK;
    }
  }
}
