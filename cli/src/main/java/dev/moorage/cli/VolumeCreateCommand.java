package dev.moorage.cli;

import dev.moorage.client.ClientException;
import dev.moorage.storage.SnapshotRef;
import dev.moorage.storage.VolumeRef;
import dev.moorage.volume.SizeRange;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moorage volume create} and {@code moorage volume clone}. */
@Command(name = "create", description = "Make a volume. The same request again is no error.")
final class VolumeCreateCommand implements Callable<Integer> {

  /** What both commands ask for. */
  static final class Wishes {
    @Option(names = "--size", paramLabel = "SIZE",
        description = "Such as 20G. Default: the pool's default size, or the source's size.")
    String size = "";

    @Option(names = "--pool", paramLabel = "POOL", description = "Default: the default pool, or the source's pool.")
    String pool = "";

    void addTo(JsonObjectBuilder body) {
      if (!size.isEmpty()) {
        body.add("size", Long.toString(SizeRange.parse(size).required().bytes()));
      }
      addIfGiven(body, "pool", pool);
    }
  }

  private final MoorageCommand root;

  @Parameters(paramLabel = "NAME", description = "The new volume's name.")
  String name = "";

  @Mixin
  Wishes wishes = new Wishes();

  @Option(names = "--backend", paramLabel = "BACKEND",
      description = "image (hard size, snapshots, clones) or directory (native speed, none of these).")
  String backend = "";

  @Option(names = "--fs", paramLabel = "FS", description = "ext4 or xfs.")
  String filesystem = "";

  @Option(names = "--access", paramLabel = "ACCESS",
      description = "filesystem (default) or block, which is a raw device.")
  String access = "";

  @Option(names = "--preallocated", description = "Claim every byte now.")
  boolean preallocated;

  @Option(names = "--from", paramLabel = "SNAPSHOT",
      description = "Begin with what a snapshot holds: VOLUME@SNAPSHOT here, else in a repository as [REPOSITORY:][HOST/]VOLUME@SNAPSHOT.")
  String from = "";

  @Option(names = "--clone", paramLabel = "VOLUME", description = "Begin with what a volume holds now.")
  String clone = "";

  VolumeCreateCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws ClientException {
    JsonObjectBuilder body = Questions.body();
    wishes.addTo(body);
    addIfGiven(body, "backend", backend);
    addIfGiven(body, "filesystem", filesystem);
    addIfGiven(body, "access", access);
    addIfGiven(body, "from", from);
    addIfGiven(body, "clone", clone);
    return create(root, name, body.add("preallocated", preallocated));
  }

  private static int create(MoorageCommand root, String name, JsonObjectBuilder body) throws ClientException {
    Questions questions = root.questions();
    addIfGiven(body, "owner", questions.owner());
    JsonObject volume = questions.post("creating " + name, "/v1/volumes", body.add("name", name)).getJsonObject("volume");
    root.results().changed(volume, View.volumes(root.clock().instant()), "volume " + View.volumeName(volume) + " has "
        + View.bytes(volume, "sizeBytes") + " in pool " + JsonText.text(volume, "pool", "") + " (" + View.type(volume) + ")");
    return ExitCode.OK;
  }

  private static void addIfGiven(JsonObjectBuilder body, String field, String value) {
    if (!value.isEmpty()) {
      body.add(field, value);
    }
  }

  /** {@code moorage volume clone}. */
  @Command(name = "clone", description = {
      "Make a volume that begins with what another one, or a snapshot, holds.",
      "It belongs to the owner of its source unless --owner says otherwise."})
  static final class Clone implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(index = "0", paramLabel = "SOURCE", description = "A volume such as db, or a snapshot such as db@before.")
    String source = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "The new volume's name.")
    String name = "";

    @Mixin
    Wishes wishes = new Wishes();

    Clone(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() throws ClientException {
      boolean snapshot = source.contains("@");
      if (snapshot) {
        SnapshotRef.parse(source);
      } else {
        VolumeRef.parse(source);
      }
      JsonObjectBuilder body = Questions.body().add(snapshot ? "from" : "clone", source);
      wishes.addTo(body);
      return create(root, name, body);
    }
  }
}
