package dev.moorage.cli;

import dev.moorage.client.ClientException;
import dev.moorage.volume.DedupScope;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moorage snapshot upload}. */
@Command(name = "upload", description = {
    "Bring a local snapshot to a repository, in the background.",
    "It goes on after a restart, and by itself when the store was away. The local snapshot may be deleted meanwhile."})
final class SnapshotUploadCommand implements Callable<Integer> {

  static final String DEDUP = "Other than the repository says: lineage, repository, or none, which stores everything anew.";

  private final MoorageCommand root;

  @Parameters(paramLabel = "VOLUME@SNAPSHOT", description = "Such as db@before or docker/db@before.")
  String name = "";

  @Option(names = "--to", required = true, paramLabel = "REPOSITORY", description = "Its name on this host.")
  String repository = "";

  @Option(names = "--dedup", paramLabel = "SCOPE", description = DEDUP)
  String dedup = "";

  @Option(names = "--wait", description = "Return when it can be restored from there.")
  boolean wait;

  SnapshotUploadCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws ClientException {
    JsonObject job = root.questions().post("uploading " + name, Questions.snapshot(name) + ":upload",
        to(Questions.body(), repository, dedup)).getJsonObject("job");
    return finish(root, name, repository, wait, job);
  }

  /** Says where to, and how. */
  static JsonObjectBuilder to(JsonObjectBuilder body, String repository, String dedup) {
    body.add("to", repository);
    return dedup.isEmpty() ? body : body.add("dedup", DedupScope.parse(dedup).word());
  }

  /** Watches the job when that is wanted, and says how it stands. */
  static int finish(MoorageCommand root, String snapshot, String repository, boolean wait, JsonObject begun) throws ClientException {
    JsonObject job = wait ? new Watching(root, "uploading " + snapshot).toTheEnd(begun) : begun;
    String sentence = switch (Watching.state(job)) {
      case "done" -> "snapshot " + snapshot + " is in repository " + repository;
      case "failed" -> "snapshot " + snapshot + " is not in repository " + repository + ": "
          + JsonText.text(job, "error", "the service's log says why");
      case "cancelled" -> "snapshot " + snapshot + " is not in repository " + repository + ": its upload was cancelled";
      default -> "snapshot " + snapshot + " is being uploaded to " + repository + "; 'moorage snapshot ls' shows when it is there";
    };
    root.results().changed(job, new View(List.of(), json -> json.getString("id")), sentence);
    return Watching.isOver(job) && !Watching.state(job).equals("done") ? ExitCode.FAILED : ExitCode.OK;
  }
}
