package dev.moorage.cli;

import dev.moorage.client.ClientException;
import jakarta.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moorage volume compact}: begins the job and, unless told otherwise, watches it to its end. */
@Command(name = "compact", description = {
    "Rewrite a volume that is not in use in as few pieces as possible, so that snapshots of it are fast again.",
    "Ending this command does not end the work."})
final class VolumeCompactCommand implements Callable<Integer> {

  private final MoorageCommand root;

  @Parameters(paramLabel = "VOLUME", description = "Name, OWNER/NAME or id.")
  String name = "";

  @Option(names = "--no-wait", description = "Return as soon as the work has begun.")
  boolean noWait;

  VolumeCompactCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws ClientException {
    Questions questions = root.questions();
    JsonObject job = questions.post("compacting " + name, Questions.volume(name) + ":compact", Questions.body()).getJsonObject("job");
    if (!noWait) {
      job = new Watching(root, "compacting " + name).toTheEnd(job);
    }
    root.results().changed(job, new View(java.util.List.of(), json -> json.getString("id")), sentence(job));
    return Watching.state(job).equals("failed") ? ExitCode.FAILED : ExitCode.OK;
  }

  private String sentence(JsonObject job) {
    return switch (Watching.state(job)) {
      case "done" -> "volume " + name + " is compact";
      case "failed" -> "volume " + name + " was not compacted: " + JsonText.text(job, "error", "the service's log says why");
      default -> "volume " + name + " is being compacted; 'moorage volume inspect " + name + "' shows how far it is";
    };
  }
}
