package dev.moorage.cli;

import dev.moorage.client.ClientException;
import dev.moorage.repository.key.RecoveryKey;
import dev.moorage.repository.key.SlotKind;
import dev.moorage.storage.SecretFile;
import dev.moorage.volume.VolumeException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moorage repository key …} and {@code moorage repository confirm-key}. */
@Command(name = "key", description = "List, add, remove and rotate what unlocks a repository.", synopsisSubcommandLabel = "COMMAND")
final class RepositoryKeyCommand {

  private RepositoryKeyCommand() {}

  /** The command with those below it. */
  static Object group(MoorageCommand root) {
    return new CommandLine(new RepositoryKeyCommand())
        .addSubcommand("ls", new Ls(root))
        .addSubcommand("add", new Add(root))
        .addSubcommand("rm", new Rm(root))
        .addSubcommand("rotate", new RepositoryRotateCommand(root));
  }

  @Command(name = "ls", description = "List the key slots; any one of them unlocks the repository.")
  static final class Ls implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(paramLabel = "REPOSITORY")
    String name = "";

    Ls(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() throws ClientException {
      List<JsonObject> keys = root.questions().get(RepositoryCommand.path(name) + ":keys").getJsonArray("keys").getValuesAs(JsonObject.class);
      root.results().list(keys, RepositoryViews.keys(), "It has no keys.");
      return ExitCode.OK;
    }
  }

  @Command(name = "add", description = "Let another key file, passphrase or recovery key unlock the repository.")
  static final class Add implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(paramLabel = "REPOSITORY")
    String name = "";

    @Option(names = "--key-file", paramLabel = "FILE", description = "An existing key file.")
    String keyFile = "";

    @Option(names = "--generate-key-file", paramLabel = "FILE", description = "Make a key file there, such as for another host.")
    String generateKeyFile = "";

    @Option(names = "--passphrase-file", paramLabel = "FILE", description = "A file with a passphrase.")
    String passphraseFile = "";

    @Option(names = "--recovery", description = "A new recovery key, which is shown once.")
    boolean recovery;

    @Option(names = "--label", paramLabel = "TEXT", description = "What it is called, for people, such as the host that has it.")
    String label = "";

    Add(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() throws ClientException {
      JsonObjectBuilder body = Questions.body().add("recovery", recovery);
      RepositoryCreateCommand.addPath(body, "keyFile", keyFile);
      RepositoryCreateCommand.addPath(body, "generateKeyFile", generateKeyFile);
      RepositoryCreateCommand.addPath(body, "passphraseFile", passphraseFile);
      if (!label.isEmpty()) {
        body.add("label", label);
      }
      JsonObject answer = root.questions().post("adding a key to " + name, RepositoryCommand.path(name) + ":add-key", body);
      if (recovery) {
        new RecoveryWords(root).shown(name, answer, "repository " + name + " has one more recovery key; older ones still unlock it, "
            + "until 'moorage repository key rm' takes them");
      } else {
        JsonObject key = answer.getJsonObject("key");
        root.results().changed(key, RepositoryViews.keys(), "repository " + name + " is unlocked by one more " + key.getString("kind")
            + ", key slot " + key.getString("id"));
      }
      return ExitCode.OK;
    }
  }

  @Command(name = "rm", description = {
      "Take from a key the power to unlock the repository.",
      "Who used it before may have kept what it unlocks: when it was stolen, use 'key rotate' instead."})
  static final class Rm implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(index = "0", paramLabel = "REPOSITORY")
    String name = "";

    @Parameters(index = "1..*", paramLabel = "ID", arity = "1..*", description = "Of 'key ls'.")
    List<String> ids = List.of();

    Rm(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      Questions questions = root.questions();
      return Each.of(root, ids, RepositoryViews.keys(), id -> new Each.Done(
          questions.post("removing a key of " + name, RepositoryCommand.path(name) + ":remove-key", Questions.body().add("id", id)),
          "key slot " + id + " unlocks repository " + name + " no more"));
    }
  }

  /** {@code moorage repository confirm-key}. */
  @Command(name = "confirm-key", description = {
      "Show that you have the recovery key: type it, pipe it in, or name a file with it.",
      "Until then 'moorage doctor' complains."})
  static final class Confirm implements Callable<Integer> {
    private final MoorageCommand root;

    @Parameters(paramLabel = "REPOSITORY")
    String name = "";

    @Option(names = "--recovery-key-file", paramLabel = "FILE", description = "A file with the words.")
    String file = "";

    Confirm(MoorageCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() throws ClientException, VolumeException {
      RecoveryWords words = new RecoveryWords(root);
      JsonObject repository = words.confirm(name, file.isEmpty() ? typed(words) : ofFile());
      root.results().changed(repository, RepositoryViews.repositories(), "that is a recovery key of repository " + name);
      return ExitCode.OK;
    }

    private String typed(RecoveryWords words) {
      if (root.terminal().asks()) {
        root.terminal().err().print("Recovery key: ");
        root.terminal().err().flush();
      }
      return words.line();
    }

    private String ofFile() throws VolumeException {
      String action = "confirm the recovery key of repository " + name;
      return new SecretFile(SlotKind.RECOVERY, Path.of(file).toAbsolutePath()).read(action) instanceof RecoveryKey key ? key.words() : "";
    }
  }
}
