package dev.moorage.cli;

import dev.moorage.client.ClientException;
import jakarta.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code moorage repository take-over}. */
@Command(name = "take-over", description = {
    "Let this host continue the history of a volume; whoever wrote it before is refused from then on.",
    "A volume of a host that is lost is restored here from its newest remote snapshot."})
final class TakeOverCommand implements Callable<Integer> {

  private final MoorageCommand root;

  @Parameters(index = "0", paramLabel = "REPOSITORY", description = "Its name on this host.")
  String repository = "";

  @Parameters(index = "1", paramLabel = "VOLUME", description = "A volume of this host, or HOST/VOLUME or HOST/OWNER/VOLUME of a lost one.")
  String volume = "";

  TakeOverCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws ClientException {
    JsonObject taken = root.questions().post("taking over " + volume, "/v1/repositories/" + Questions.encoded(repository) + ":take-over",
        Questions.body().add("volume", volume)).getJsonObject("volume");
    root.results().changed(taken, View.volumes(root.clock().instant()), "this host continues the history of volume "
        + View.volumeName(taken) + " in repository " + repository);
    return ExitCode.OK;
  }
}
