package dev.moorage.cli;

import dev.moorage.client.AdminClient;
import dev.moorage.client.ClientException;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.DedupScope;
import dev.moorage.volume.RepositoryName;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moorage repository create} and {@code moorage repository add}. */
@Command(name = "create", description = {
    "Make a repository, and show its recovery key once.",
    "Without a file that unlocks it, a key file is made beside the pools."})
final class RepositoryCreateCommand implements Callable<Integer> {

  /** What an operator says about a repository. */
  static final class Settings {
    @Parameters(index = "0", paramLabel = "NAME", description = "What it is called on this host.")
    String name = "";

    @Parameters(index = "1", paramLabel = "LOCATION", description = "Such as file:///mnt/backup or s3://bucket/prefix.")
    String location = "";

    @Option(names = "--option", paramLabel = "KEY=VALUE", description = "An option of the object store, such as endpoint=https://…")
    List<String> options = List.of();

    @Option(names = "--key-file", paramLabel = "FILE", description = "An existing key file that unlocks it.")
    String keyFile = "";

    @Option(names = "--passphrase-file", paramLabel = "FILE", description = "A file with a passphrase that unlocks it.")
    String passphraseFile = "";

    @Option(names = "--upload-limit", paramLabel = "SIZE", description = "Send at most so much a second.")
    String uploadLimit = "";

    @Option(names = "--download-limit", paramLabel = "SIZE", description = "Receive at most so much a second.")
    String downloadLimit = "";

    @Option(names = "--dedup", paramLabel = "SCOPE", description = "Where this host looks for content before it stores the first snapshot "
        + "of a volume: lineage (what it was cloned or restored from; the default), repository (everything, which is read for it) or none.")
    String dedup = "";

    @Option(names = "--single-writer", description = {
        "Declare that this host alone will ever write to it, for a store that cannot refuse to overwrite. Others may read.",
        "With 'add': this host is the one from now on, because the one before will never write again."})
    boolean singleWriter;

    JsonObjectBuilder body() {
      JsonObjectBuilder body = Questions.body().add("name", new RepositoryName(name).value()).add("location", location);
      JsonArrayBuilder list = AdminClient.json().createArrayBuilder();
      options.forEach(list::add);
      body.add("options", list).add("singleWriter", singleWriter);
      addPath(body, "keyFile", keyFile);
      addPath(body, "passphraseFile", passphraseFile);
      addSize(body, "uploadLimit", uploadLimit);
      addSize(body, "downloadLimit", downloadLimit);
      if (!dedup.isEmpty()) {
        body.add("dedup", DedupScope.parse(dedup).word());
      }
      return body;
    }
  }

  static void addPath(JsonObjectBuilder body, String field, String path) {
    if (!path.isEmpty()) {
      body.add(field, Path.of(path).toAbsolutePath().normalize().toString());
    }
  }

  private static void addSize(JsonObjectBuilder body, String field, String size) {
    if (!size.isEmpty()) {
      body.add(field, Long.toString(ByteSize.parsePositive(size).bytes()));
    }
  }

  private final MoorageCommand root;

  @Mixin
  Settings settings = new Settings();

  @Option(names = "--generate-key-file", paramLabel = "FILE", description = "Make a key file there; it must not exist.")
  String generateKeyFile = "";

  @Option(names = "--block-size", paramLabel = "SIZE",
      description = "16K to 1M, for ever. Default: 64K. Small blocks suit databases, large ones make smaller maps.")
  String blockSize = "";

  @Option(names = "--label", paramLabel = "TEXT", description = "What the first key is called, for people.")
  String label = "";

  RepositoryCreateCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws ClientException {
    JsonObjectBuilder body = settings.body();
    addPath(body, "generateKeyFile", generateKeyFile);
    addSize(body, "blockSize", blockSize);
    if (!label.isEmpty()) {
      body.add("label", label);
    }
    JsonObject created = root.questions().post("making repository " + settings.name, RepositoryCommand.all(), body);
    JsonObject repository = created.getJsonObject("repository");
    new RecoveryWords(root).shown(settings.name, created, "repository " + settings.name + " is made at " + settings.location
        + ", unlocked by " + JsonText.text(repository, "keyFile", JsonText.text(repository, "passphraseFile", "")));
    return ExitCode.OK;
  }

  /** {@code moorage repository add}. */
  @Command(name = "add", description = "Use a repository that exists, such as another host's, now and after every start.")
  static final class Add implements Callable<Integer> {
    private final MoorageCommand root;

    @Mixin
    Settings settings = new Settings();

    Add(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() throws ClientException {
      JsonObject repository = root.questions().post("opening repository " + settings.name, RepositoryCommand.all() + ":add", settings.body())
          .getJsonObject("repository");
      root.results().changed(repository, RepositoryViews.repositories(), "repository " + settings.name + " at " + settings.location
          + " is known here and can be opened");
      return ExitCode.OK;
    }
  }
}
