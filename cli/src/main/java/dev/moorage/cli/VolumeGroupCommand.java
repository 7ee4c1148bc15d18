package dev.moorage.cli;

import dev.moorage.client.ClientException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moorage volume create-group}. */
@Command(name = "create-group", description = {
    "Make a volume of each member of a group snapshot, local or remote, with the names that they had: one point in time.",
    "Nothing is made when one of the names is taken or a member is missing. The same command again goes on."})
final class VolumeGroupCommand implements Callable<Integer> {

  private final MoorageCommand root;

  @Parameters(paramLabel = "VOLUME@SNAPSHOT",
      description = "Any one of the group: db@cut here, else in a repository as host1/db@cut or backups:db@cut.")
  String name = "";

  @Option(names = "--prefix", paramLabel = "PREFIX", description = "What stands before the names, such as test-.")
  String prefix = "";

  @Option(names = "--pool", paramLabel = "POOL", description = "Default: the default pool, or the sources' pool.")
  String pool = "";

  @Option(names = "--wait", description = "Return when all of them can be used.")
  boolean wait;

  VolumeGroupCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws ClientException {
    List<JsonObject> volumes = root.questions().post("making the volumes of the group of " + name, Questions.snapshot(name) + ":create-group",
        body()).getJsonArray("volumes").getValuesAs(JsonObject.class);
    List<String> sentences = new ArrayList<>();
    int code = ExitCode.OK;
    for (JsonObject volume : volumes) {
      String text = "volume " + View.volumeName(volume) + " has " + View.bytes(volume, "sizeBytes") + " in pool "
          + JsonText.text(volume, "pool", "") + ", from " + volume.getJsonObject("source").getString("label", "");
      Optional<String> failure = wait ? failure(volume) : Optional.empty();
      sentences.add(text + failure.map(why -> ", and could not be restored: " + why).orElse(""));
      code = failure.isPresent() ? ExitCode.FAILED : code;
    }
    root.results().changed(volumes, View.volumes(root.clock().instant()), sentences);
    return code;
  }

  private JsonObjectBuilder body() {
    JsonObjectBuilder body = Questions.body();
    String owner = root.questions().owner();
    if (!owner.isEmpty()) {
      body.add("owner", owner);
    }
    if (!prefix.isEmpty()) {
      body.add("prefix", prefix);
    }
    return pool.isEmpty() ? body : body.add("pool", pool);
  }

  /** Waits until it can be used; why it cannot. */
  private Optional<String> failure(JsonObject volume) throws ClientException {
    String what = "restoring " + View.volumeName(volume);
    JsonObject job = new Watching(root, what).toTheEnd(root.questions().post(what, "/v1/volumes/" + volume.getString("id") + ":restore",
        Questions.body()).getJsonObject("job"));
    return Watching.state(job).equals("failed") ? Optional.of(JsonText.text(job, "error", "the service's log says why")) : Optional.empty();
  }
}
