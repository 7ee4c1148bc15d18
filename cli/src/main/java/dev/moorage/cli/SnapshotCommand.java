package dev.moorage.cli;

import static dev.moorage.cli.View.snapshotName;

import dev.moorage.client.AdminClient;
import dev.moorage.client.ClientException;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moorage snapshot …}. */
@Command(name = "snapshot", description = "Make, look at and mount snapshots.", synopsisSubcommandLabel = "COMMAND")
final class SnapshotCommand {

  private static final String REFERENCE = "Such as db@before or docker/db@before.";

  private SnapshotCommand() {}

  /** The command itself, which only holds the others. */
  static Object group() {
    return new SnapshotCommand();
  }

  @Command(name = "create", description = {
      "Cut a snapshot of a volume, in use or not; without a name, the time is its name.",
      "With --group NAME cut one point in time over all the volumes that are given."})
  static final class Create implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(paramLabel = "VOLUME [NAME]", arity = "1..*",
        description = "'db', 'db before' or 'db@before'; with --group, volumes.")
    List<String> words = List.of();

    @Option(names = "--group", paramLabel = "NAME", description = "The name of the snapshot of each volume.")
    String group = "";

    @Option(names = "--to", paramLabel = "REPOSITORY", description = "Upload it there as well, in the background.")
    String repository = "";

    @Option(names = "--dedup", paramLabel = "SCOPE", description = SnapshotUploadCommand.DEDUP)
    String dedup = "";

    @Option(names = "--wait", description = "With --to: return when it can be restored from there.")
    boolean wait;

    Create(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() throws ClientException {
      Questions questions = root.questions();
      if (repository.isEmpty() && (wait || !dedup.isEmpty())) {
        throw new IllegalArgumentException((wait ? "--wait" : "--dedup") + " needs --to");
      }
      JsonObject answer = questions.post("cutting a snapshot", "/v1/snapshots", body());
      List<JsonObject> snapshots = answer.getJsonArray("snapshots").getValuesAs(JsonObject.class);
      if (!repository.isEmpty()) {
        return uploaded(snapshots, answer.getJsonArray("jobs").getValuesAs(JsonObject.class));
      }
      root.results().changed(snapshots, View.snapshots(root.clock().instant()), snapshots.stream()
          .map(snapshot -> "snapshot " + snapshotName(snapshot) + " is made").toList());
      return ExitCode.OK;
    }

    private int uploaded(List<JsonObject> snapshots, List<JsonObject> jobs) throws ClientException {
      int code = ExitCode.OK;
      for (int i = 0; i < snapshots.size(); i++) {
        code = Math.max(code, SnapshotUploadCommand.finish(root, snapshotName(snapshots.get(i)), repository, wait, jobs.get(i)));
      }
      return code;
    }

    private JsonObjectBuilder body() {
      JsonObjectBuilder body = named();
      return repository.isEmpty() ? body : SnapshotUploadCommand.to(body, repository, dedup);
    }

    private JsonObjectBuilder named() {
      JsonArrayBuilder volumes = AdminClient.json().createArrayBuilder();
      if (!group.isEmpty()) {
        words.forEach(volumes::add);
        return Questions.body().add("volumes", volumes).add("name", group);
      }
      String name = String.join("@", words);
      if (name.indexOf('@') != name.lastIndexOf('@')) {
        throw new IllegalArgumentException("'" + String.join(" ", words)
            + "' is too much for one snapshot; write VOLUME NAME, or --group NAME VOLUME VOLUME…");
      }
      int at = name.indexOf('@');
      if (at < 0) {
        return Questions.body().add("volumes", volumes.add(name));
      }
      return Questions.body().add("volumes", volumes.add(name.substring(0, at))).add("name", name.substring(at + 1));
    }
  }

  @Command(name = "ls", description = "List snapshots, of all volumes or of one, which may be deleted.")
  static final class Ls implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(paramLabel = "VOLUME", arity = "0..1", description = "Name, OWNER/NAME or id.")
    String volume = "";

    @Option(names = "--fetched", description = "Instead: the remote snapshots that are mounted here, or are fetched to be.")
    boolean fetched;

    Ls(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() throws ClientException {
      if (fetched) {
        return listFetched();
      }
      String query = volume.isEmpty() ? "" : "?volume=" + Questions.encoded(volume);
      List<JsonObject> snapshots = root.questions().get("/v1/snapshots" + query)
          .getJsonArray("snapshots").getValuesAs(JsonObject.class);
      root.results().list(snapshots, View.snapshots(root.clock().instant()),
          "There are no snapshots. Make one with 'moorage snapshot create VOLUME NAME'.");
      return ExitCode.OK;
    }

    private int listFetched() throws ClientException {
      if (!volume.isEmpty()) {
        throw new IllegalArgumentException("--fetched lists those of all volumes; leave " + volume + " out");
      }
      View view = new View(List.of(
          new View.Column("NAME", json -> JsonText.text(json, "name", "-")),
          new View.Column("MOUNTED AT", json -> JsonText.text(json, "path", "-")),
          new View.Column("NOTE", json -> json.get("job") instanceof JsonObject job ? "fetching: " + Watching.progress(job) : "")),
          json -> json.getString("name"));
      root.results().list(root.questions().get("/v1/snapshots:fetched").getJsonArray("snapshots").getValuesAs(JsonObject.class), view,
          "No remote snapshot is mounted here. 'moorage snapshot mount VOLUME@SNAPSHOT' mounts one.");
      return ExitCode.OK;
    }
  }

  @Command(name = "rm", description = "Move snapshots to the trash; 'undo' brings them back for a while.")
  static final class Rm implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(paramLabel = "VOLUME@SNAPSHOT", arity = "1..*", description = REFERENCE)
    List<String> names = List.of();

    @Option(names = "--remote", description = {"Forget the copy in a repository instead, for good; the local snapshot stays.",
        "REPOSITORY:VOLUME@SNAPSHOT says in which."})
    boolean remote;

    Rm(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      Questions questions = root.questions();
      View plain = new View(List.of(), json -> json.getString("snapshot"));
      return Each.of(root, names, remote ? plain : View.snapshots(root.clock().instant()), name -> {
        if (remote) {
          questions.post("forgetting " + name, Questions.snapshot(name) + ":forget", Questions.body());
          return new Each.Done(Questions.body().add("snapshot", name).build(), "the remote copy of " + name + " is forgotten");
        }
        JsonObject snapshot = questions.delete("deleting " + name, Questions.snapshot(name)).getJsonObject("snapshot");
        return new Each.Done(snapshot, "snapshot " + snapshotName(snapshot) + " is in the trash. 'moorage snapshot undo "
            + snapshotName(snapshot) + "' brings it back");
      });
    }
  }

  @Command(name = "undo", description = "Bring deleted snapshots back.")
  static final class Undo implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(paramLabel = "VOLUME@SNAPSHOT", arity = "1..*", description = REFERENCE)
    List<String> names = List.of();

    Undo(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      Questions questions = root.questions();
      return Each.of(root, names, View.snapshots(root.clock().instant()), name -> {
        JsonObject snapshot = questions.post("bringing back " + name, Questions.snapshot(name) + ":undo", Questions.body())
            .getJsonObject("snapshot");
        return new Each.Done(snapshot, "snapshot " + snapshotName(snapshot) + " is back");
      });
    }
  }
}
