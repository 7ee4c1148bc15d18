package dev.moorage.cli;

import dev.moorage.client.ClientException;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moorage volume restore}. */
@Command(name = "restore", description = {
    "Look at the restore of a volume that was made from a remote snapshot (volume create --from), or run one again that failed.",
    "It goes on by itself in the background; nobody can use the volume before its end."})
final class VolumeRestoreCommand implements Callable<Integer> {

  private final MoorageCommand root;

  @Parameters(paramLabel = "VOLUME", description = "Name, OWNER/NAME or id.")
  String name = "";

  @Option(names = "--wait", description = "Return when the volume can be used.")
  boolean wait;

  VolumeRestoreCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws ClientException {
    JsonObject job = root.questions().post("restoring " + name, Questions.volume(name) + ":restore", Questions.body()).getJsonObject("job");
    if (wait) {
      job = new Watching(root, "restoring " + name).toTheEnd(job);
    }
    String sentence = switch (Watching.state(job)) {
      case "done" -> "volume " + name + " is whole";
      case "failed" -> "volume " + name + " could not be restored: " + JsonText.text(job, "error", "the service's log says why");
      default -> "volume " + name + " is being restored: " + Watching.progress(job);
    };
    root.results().changed(job, new View(List.of(), json -> json.getString("id")), sentence);
    return Watching.state(job).equals("failed") ? ExitCode.FAILED : ExitCode.OK;
  }
}
