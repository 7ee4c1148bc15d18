package dev.moorage.cli;

import dev.moorage.admin.RepositoryJson;
import dev.moorage.client.ClientException;
import dev.moorage.storage.RemoteSnapshots;
import dev.moorage.volume.VolumeException;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code moorage repository snapshots}. */
@Command(name = "snapshots", description = {
    "List the snapshots of a repository, of all hosts, or those of one volume. Exit code 1 when one cannot be read.",
    "With --location it needs no service."})
final class RepositorySnapshotsCommand implements Callable<Integer> {

  private final MoorageCommand root;

  @Parameters(paramLabel = "REPOSITORY [VOLUME]", arity = "0..2", description = "With --location only the VOLUME, if any.")
  List<String> words = List.of();

  @Mixin
  RepositoryPlace place = new RepositoryPlace();

  RepositorySnapshotsCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws ClientException, VolumeException {
    Optional<String> volume = place.rest(words, 0, 1, " [VOLUME]").stream().findFirst();
    JsonObject found = place.isDirect() ? direct(volume) : known(volume);
    root.results().list(found.getJsonArray("snapshots").getValuesAs(JsonObject.class), RepositoryViews.snapshots(root.clock().instant()),
        "There are no such snapshots.");
    List<JsonObject> unreadable = found.getJsonArray("unreadable").getValuesAs(JsonObject.class);
    unreadable.forEach(each -> root.terminal().err().println("moorage: another one cannot be read: " + RepositoryViews.unreadable(each)));
    return unreadable.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private JsonObject known(Optional<String> volume) throws ClientException {
    String query = volume.map(name -> "?volume=" + Questions.encoded(name)).orElse("");
    return root.questions().get(RepositoryCommand.path(place.name(words)) + ":snapshots" + query);
  }

  private JsonObject direct(Optional<String> volume) throws ClientException, VolumeException {
    String action = "list the snapshots at " + place.location;
    return DirectRepository.use(action, place.settings(root, ""), root.clock(), repository ->
        RepositoryJson.inventory(RemoteSnapshots.inventory(action, repository, volume)).build());
  }
}
