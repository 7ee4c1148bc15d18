package dev.moorage.cli;

import dev.moorage.client.ClientException;
import dev.moorage.repository.key.SlotKind;
import dev.moorage.storage.RepositorySettings;
import dev.moorage.storage.SecretFile;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.DedupScope;
import dev.moorage.volume.RepositoryName;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * Which repository a command means: one that the service knows by name, or, with {@code --location}, any one, without a service. The
 * store, the key and this program are all that is needed then.
 */
final class RepositoryPlace {

  @Option(names = "--location", paramLabel = "URL", description = "The repository there, without asking the service.")
  String location = "";

  @Option(names = "--option", paramLabel = "KEY=VALUE", description = "With --location: an option of the object store.")
  List<String> options = List.of();

  @Option(names = "--key-file", paramLabel = "FILE", description = "With --location: the key file that unlocks it.")
  String keyFile = "";

  @Option(names = "--passphrase-file", paramLabel = "FILE", description = "With --location: a file with the passphrase.")
  String passphraseFile = "";

  @Option(names = "--recovery-key-file", paramLabel = "FILE", description = "With --location: a file with the recovery key.")
  String recoveryKeyFile = "";

  boolean isDirect() {
    return !location.isEmpty();
  }

  /** Takes the repository's name off the words that were typed, unless a location was given. */
  String name(List<String> words) {
    if (isDirect() || words.isEmpty()) {
      return "";
    }
    return words.getFirst();
  }

  /** The words that are left when the name is taken off; wrong usage when they are not as many as they must be. */
  List<String> rest(List<String> words, int least, int most, String usage) {
    List<String> rest = isDirect() || words.isEmpty() ? words : words.subList(1, words.size());
    if ((words.isEmpty() && !isDirect()) || rest.size() < least || rest.size() > most) {
      throw new IllegalArgumentException("write 'REPOSITORY" + usage + "', or '--location URL" + usage + "' with a key");
    }
    return rest;
  }

  /** What to open: as the options say, or as the service knows it by that name. */
  RepositorySettings settings(MoorageCommand root, String name) throws ClientException {
    if (!isDirect()) {
      return known(root.questions().get(RepositoryCommand.path(name)).getJsonObject("repository"));
    }
    Map<String, String> map = new LinkedHashMap<>();
    for (String option : options) {
      int equals = option.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException("--option is written KEY=VALUE");
      }
      map.put(option.substring(0, equals), option.substring(equals + 1));
    }
    return new RepositorySettings(new RepositoryName("direct"), location, map, secret(), Optional.empty(), Optional.empty(),
        DedupScope.LINEAGE);
  }

  private SecretFile secret() {
    if (List.of(keyFile, passphraseFile, recoveryKeyFile).stream().filter(file -> !file.isEmpty()).count() != 1) {
      throw new IllegalArgumentException("with --location name one of --key-file, --passphrase-file and --recovery-key-file");
    }
    SlotKind kind = !keyFile.isEmpty() ? SlotKind.KEY_FILE : !passphraseFile.isEmpty() ? SlotKind.PASSPHRASE : SlotKind.RECOVERY;
    return new SecretFile(kind, Path.of(keyFile + passphraseFile + recoveryKeyFile).toAbsolutePath());
  }

  private static RepositorySettings known(JsonObject json) {
    Map<String, String> map = new LinkedHashMap<>();
    for (Map.Entry<String, JsonValue> option : json.getJsonObject("options").entrySet()) {
      map.put(option.getKey(), ((JsonString) option.getValue()).getString());
    }
    String key = JsonText.text(json, "keyFile", "");
    SecretFile secret = key.isEmpty() ? new SecretFile(SlotKind.PASSPHRASE, Path.of(json.getString("passphraseFile")))
        : new SecretFile(SlotKind.KEY_FILE, Path.of(key));
    return new RepositorySettings(new RepositoryName(json.getString("name")), json.getString("location"), map, secret,
        limit(json, "uploadLimit"), limit(json, "downloadLimit"),
        DedupScope.parse(JsonText.text(json, "dedup", DedupScope.LINEAGE.word())));
  }

  private static Optional<ByteSize> limit(JsonObject json, String field) {
    return json.get(field) instanceof JsonNumber number ? Optional.of(new ByteSize(number.longValue())) : Optional.empty();
  }
}
