package dev.moorage.cli;

import dev.moorage.admin.RepositoryJson;
import dev.moorage.client.AdminClient;
import dev.moorage.client.ClientException;
import dev.moorage.repository.key.SlotKind;
import dev.moorage.storage.RepositorySettings;
import dev.moorage.storage.RotateKeys;
import dev.moorage.storage.SecretFile;
import dev.moorage.volume.VolumeException;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moorage repository key rotate}. */
@Command(name = "rotate", description = {
    "Write with a fresh key from now on, which only the secrets that are kept open, and show a new recovery key.",
    "The secret by which the repository is opened here is kept. Older objects stay as they are, and readable.",
    "Who has a secret that was dropped can still read what was written before: take its access to the store, too."})
final class RepositoryRotateCommand implements Callable<Integer> {

  private final MoorageCommand root;

  @Parameters(paramLabel = "REPOSITORY", arity = "0..1", description = "Not with --location.")
  List<String> words = List.of();

  @Option(names = "--keep-key-file", paramLabel = "FILE", description = "Another key file that goes on opening it, such as of another host.")
  List<String> keyFiles = List.of();

  @Option(names = "--keep-passphrase-file", paramLabel = "FILE", description = "A file with a passphrase that goes on opening it.")
  List<String> passphraseFiles = List.of();

  @Option(names = "--keep-recovery-key-file", paramLabel = "FILE",
      description = "A file with a recovery key that goes on opening it. Without it there is a new one.")
  List<String> recoveryKeyFiles = List.of();

  @Option(names = "--drop", paramLabel = "ID", description = "A key slot of 'key ls' whose secret is lost, stolen or not needed any more.")
  List<String> dropped = List.of();

  @Mixin
  RepositoryPlace place = new RepositoryPlace();

  RepositoryRotateCommand(MoorageCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws ClientException, VolumeException {
    place.rest(words, 0, 0, "");
    JsonObject rotated = place.isDirect() ? direct() : known();
    String name = place.isDirect() ? "at " + place.location : place.name(words);
    String sentence = sentence(name, rotated);
    if (rotated.get("recoveryKey") instanceof JsonString && !place.isDirect()) {
      new RecoveryWords(root).shown(name, rotated, sentence);
    } else {
      root.results().changed(rotated, new View(List.of(), json -> json.getJsonNumber("epoch").toString()),
          rotated.get("recoveryKey") instanceof JsonString recovery
              ? sentence + "\n\nrecovery key: " + recovery.getString() + "\n\nWrite it down; nobody can show it again." : sentence);
    }
    return rotated.getJsonArray("left").isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private JsonObject known() throws ClientException {
    JsonObjectBuilder body = Questions.body();
    body.add("keyFiles", paths(keyFiles)).add("passphraseFiles", paths(passphraseFiles)).add("recoveryKeyFiles", paths(recoveryKeyFiles));
    JsonArrayBuilder ids = AdminClient.json().createArrayBuilder();
    dropped.forEach(ids::add);
    String name = place.name(words);
    return root.questions().post("rotating the keys of " + name, RepositoryCommand.path(name) + ":rotate-keys", body.add("drop", ids));
  }

  private static JsonArrayBuilder paths(List<String> files) {
    JsonArrayBuilder list = AdminClient.json().createArrayBuilder();
    files.forEach(file -> list.add(absolute(file).toString()));
    return list;
  }

  private static Path absolute(String file) {
    return Path.of(file).toAbsolutePath().normalize();
  }

  private JsonObject direct() throws ClientException, VolumeException {
    RepositorySettings settings = place.settings(root, "");
    List<SecretFile> kept = new ArrayList<>();
    keyFiles.forEach(file -> kept.add(new SecretFile(SlotKind.KEY_FILE, absolute(file))));
    passphraseFiles.forEach(file -> kept.add(new SecretFile(SlotKind.PASSPHRASE, absolute(file))));
    recoveryKeyFiles.forEach(file -> kept.add(new SecretFile(SlotKind.RECOVERY, absolute(file))));
    RotateKeys request = new RotateKeys(kept, Set.copyOf(dropped));
    String action = "rotate the keys of the repository at " + settings.location();
    return RepositoryJson.rotation(DirectRepository.use(action, settings, root.clock(),
        repository -> request.prepare(action, repository, settings.secret()).run())).build();
  }

  private static String sentence(String name, JsonObject rotated) {
    String text = "repository " + name + " is written with key epoch " + rotated.getJsonNumber("epoch") + " from now on, unlocked by "
        + slots(rotated.getJsonArray("keys")) + ".\nIts keys before are gone: " + slots(rotated.getJsonArray("removed"))
        + ". Whoever kept one of them can still read what was written until now, and nothing newer.";
    JsonArray left = rotated.getJsonArray("left");
    return left.isEmpty() ? text : text + "\nThe store did not let these go, which open what was written until now: " + slots(left)
        + ". Remove them with a credential that may delete: 'moorage repository key rm'.";
  }

  private static String slots(JsonArray keys) {
    Stream<String> texts = keys.getValuesAs(JsonObject.class).stream().map(key -> (key.getString("kind") + " "
        + (key.getString("label").isEmpty() ? key.getString("id") : "'" + key.getString("label") + "'")));
    String joined = String.join(", ", texts.toList());
    return joined.isEmpty() ? "none" : joined;
  }
}
